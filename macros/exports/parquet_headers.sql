{%- macro parquet_headers(root, files) -%}
select
    table_name,
    header,
    types,
    '[' || string_agg('''' || replace(file_name, '''', '''''') || '''', ', ' order by file_name) || ']' as files,
    min(path) as first_path,
    count(*) filter (where num_rows > 0) as filled_count
from (
    select
        file_name,
        substr(file_name, {{ root | length + 2 }}) as path,
        string_split(substr(file_name, {{ root | length + 2 }}), '/')[1] as table_name,
        string_agg(lower(name), chr(31) order by column_id) as header,
        string_agg(duckdb_type, chr(31) order by column_id) as types
    from parquet_schema({{ files }})
    where duckdb_type is not null
    group by file_name
)
inner join parquet_file_metadata({{ files }}) using (file_name)
group by table_name, header, types
order by table_name, first_path
{%- endmacro -%}
