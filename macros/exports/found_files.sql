{%- macro found_files(root, names) -%}
    {%- set folder = modules.re.sub('([*?\\[])', '[\\1]', root) | replace("'", "''") -%}
    {%- set depths = ['/*/*', '/*/*/*', '/*/*/*/*'] -%}
select
    table_name,
    kind,
    '[' || string_agg('''' || replace(file, '''', '''''') || '''', ', ' order by file) || ']' as files,
    min(path) as first_path
from (
    select
        *,
        parts[1] as table_name,
        case
            when
                len(parts) > 3
                or (len(parts) = 3 and try_cast(regexp_extract(parts[2], '^load_date=(\d{4}-\d{2}-\d{2})$', 1) as date) is null)
                then 'misplaced'
            when lower(path) like '%.csv' then 'csv'
            when lower(path) like '%.parquet' then 'parquet'
            else 'unread'
        end as kind
    from (
        select
            file,
            substr(file, {{ root | length + 2 }}) as path,
            string_split(substr(file, {{ root | length + 2 }}), '/') as parts
        from glob([{% for depth in depths %}'{{ folder ~ depth }}'{{ ', ' if not loop.last }}{% endfor %}])
    )
    where
        parts[1] in ('{{ names | join("', '") }}')
        and not regexp_matches(path, '/[._]')
        and regexp_matches(lower(path), '\.(csv|parquet|gz|zip|zst|bz2|xz|xlsx?|json|jsonl|ndjson|tsv)$')
)
group by table_name, kind
order by table_name, kind
{%- endmacro -%}
