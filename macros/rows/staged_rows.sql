{%- macro staged_rows(system, table_name) -%}
    {%- set rows = valid_rows(system, table_name) -%}
    {%- if not execute or is_streamed(table_name) -%} {{- return(rows) -}} {%- endif -%}

select * from {{ ref('base_' ~ system ~ '__' ~ table_name) }}
where row_outcome = 'staged'
{%- endmacro -%}
