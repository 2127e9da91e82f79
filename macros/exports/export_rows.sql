{%- macro export_rows(system, table_name) -%}
    {#- Called while dbt parses too, so that the source or the user's model is in the lineage. -#}
    {%- set replacement = replaced_exports().get(table_name) -%}
    {%- if replacement is none -%}
        {%- set relation = source(system, table_name) -%}
    {%- elif replacement != 'absent' -%}
        {%- set relation = render(replacement) -%}
    {%- endif -%}

    {%- if not execute -%} {{- return('select 1 as row_number') -}} {%- endif -%}

    {%- set columns = contract_tables()[table_name].columns -%}
    {%- set is_mounted = replacement is none and var('exports_in', 'files') == 'files' -%}
    {%- set origin = table_name if not relation
        else relation.schema ~ '.' ~ relation.identifier if replacement is none
        else relation | replace('"', '') | replace('`', '') -%}

select
    {%- for column in columns %}
    {{ column.name if relation else 'cast(null as ' ~ stored_type(column.data_type) ~ ') as ' ~ column.name }},
    {%- endfor %}
    {%- if is_mounted %}
    source_file,
    row_number,
    load_date,
    row_text,
    read_error
from {{ relation }}
    {%- else %}
    '{{ origin }}' as source_file,
    cast(null as bigint) as row_number,
    cast(null as date) as load_date,
    cast(null as string) as row_text,
    cast(null as string) as read_error
{{ 'from ' ~ relation if relation else 'where false' }}
    {%- endif -%}
{%- endmacro -%}
