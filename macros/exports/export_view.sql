{%- macro export_view(table, root, groups) -%}
    {%- set columns = table.columns | map(attribute='name') | list -%}
    {#- A column whose files do not agree on its type is read as text. -#}
    {%- set mixed_columns = [] -%}
    {%- for column in columns -%}
        {%- set types = [] -%}
        {%- for group in groups -%}
            {%- do types.append(group.types[group.header.index(column)]) -%}
        {%- endfor -%}
        {%- if types | unique | list | length > 1 -%} {%- do mixed_columns.append(column) -%} {%- endif -%}
    {%- endfor -%}

create schema if not exists {{ table.schema }};
create or replace view {{ table.relation_name }} as
    {%- for group in groups %}
{{ 'union all' if not loop.first }}
        {%- if group.kind == 'csv' %}
{{ csv_rows(root, group.files, group.header, columns) }}
        {%- else %}
{{ parquet_rows(root, group.files, group.header, columns, mixed_columns) }}
        {%- endif %}
    {%- endfor %}
{%- endmacro -%}
