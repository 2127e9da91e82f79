{%- macro csv_rows(root, files, header, columns) -%}
    {%- set path = 'substr(filename, ' ~ (root | length + 2) ~ ')' -%}
    select
        {%- for column in columns %}
        nullif(trim(parts[{{ header.index(column) + 1 }}]), '') as {{ column }},
        {%- endfor %}
        {{ path }} as source_file,
        row_number,
        try_cast(regexp_extract({{ path }}, '^[^/]+/load_date=([^/]+)/', 1) as date) as load_date,
        row_text,
        case
            when line is null
                then 'the line is not UTF-8 text'
            when fields is null
                then 'the line has a quote that is not closed or not doubled'
            when len(fields) != {{ header | length }}
                then 'the line has ' || len(fields) || ' fields, the header has {{ header | length }}'
        end as read_error
    from (
        select
            *,
            coalesce(fields, string_split(line, ',')) as parts
        from (
            select
                *,
                {{ csv_fields('line') | indent(16) }} as fields
            from (
                {{ csv_lines(files) | indent(16) }}
            )
            where row_number > 1 and (line is null or ltrim(line) != '')
        )
    )
{%- endmacro -%}
