{%- macro valid_rows(system, table_name) -%}
    {%- set rows_as_read = export_rows(system, table_name) -%}
    {%- set base = ref('base_' ~ system ~ '__' ~ table_name) -%}
    {%- if not execute -%} {{- return(rows_as_read) -}} {%- endif -%}

    {%- if not is_streamed(table_name) -%}
select
    *,
    coalesce(load_date, date '1900-01-01') as loaded_on
from {{ base }}
where row_outcome != 'rejected'
    {%- else -%}
    {%- set table = contract_tables()[table_name] -%}
with

{{ table_name }} as {{ not_materialized() }}(
    {{ rows_as_read | indent(4) }}
),

typed as {{ not_materialized() }}(
    {{ typed_rows(table, table_name) | indent(4) }}
)

-- What is wrong was found once, and set aside.
select
    {%- for column in table.columns %}
    {{ column.name }},
    {%- endfor %}
    load_date,
    loaded_on
from typed
anti join {{ base }} using (row_number, source_file)
    {%- endif -%}
{%- endmacro -%}
