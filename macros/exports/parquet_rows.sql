{#-
    With the column `filename` asked for, a condition on load_date passes over whole files; without,
    or under another name, one on a single day does not. Only an export that has such a column itself
    goes without.
-#}
{%- macro parquet_rows(root, files, header, columns, mixed_columns) -%}
    {%- set file_column = 'export_filename' if 'filename' in header else 'filename' -%}
    {%- set path = 'substr(' ~ file_column ~ ', ' ~ (root | length + 2) ~ ')' -%}
    select
        {%- for column in columns %}
        {{ 'cast(' ~ column ~ ' as varchar) as ' ~ column if column in mixed_columns else column }},
        {%- endfor %}
        {{ path }} as source_file,
        file_row_number + 1 as row_number,
        try_cast(regexp_extract({{ path }}, '^[^/]+/load_date=([^/]+)/', 1) as date) as load_date,
        cast(null as varchar) as row_text,
        cast(null as varchar) as read_error
    from read_parquet({{ files }}, hive_partitioning = false, filename = '{{ file_column }}')
{%- endmacro -%}
