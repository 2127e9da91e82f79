{%- macro csv_headers(root, files) -%}
    {%- set header_line = "rtrim(ltrim(first_line, chr(65279)), chr(13))" -%}
select
    table_name,
    header,
    '[' || string_agg('''' || replace(filename, '''', '''''') || '''', ', ' order by filename) || ']' as files,
    min(path) as first_path,
    count(*) as file_count,
    count(*) filter (where has_rows) as filled_count,
    count(*) filter (where size = 0) as empty_count,
    min(path) filter (where size = 0) as first_empty_path
from (
    select
        filename,
        size,
        substr(filename, {{ root | length + 2 }}) as path,
        string_split(substr(filename, {{ root | length + 2 }}), '/')[1] as table_name,
        array_to_string(
            list_transform(
                {{ csv_fields(header_line) | indent(16) }},
                lambda field: lower(trim(field))
            ),
            chr(31)
        ) as header,
        has_rows
    from (
        select
            filename,
            size,
            case
                when is_utf8 then split_part(decoded, chr(10), 1)
                else try(decode(cast(split_part(cast(content as varchar), '\x0A', 1) as blob)))
            end as first_line,
            case
                when is_utf8 then contains(decoded, chr(10)) and regexp_matches(substr(decoded, strpos(decoded, chr(10))), '\S')
                else true
            end as has_rows
        from (
            select
                filename,
                size,
                content,
                try(decode(content)) as decoded,
                try(decode(content)) is not null as is_utf8
            from read_blob({{ files }})
        )
    )
)
group by table_name, header
order by table_name, first_path
{%- endmacro -%}
