{%- macro typed_rows(table, rows_as_read) -%}
    {%- set key = table.config.meta.key -%}
select
    {%- for column in table.columns %}
    {{ typed_column(column.name, column.data_type, is_required(column, key)) }} as {{ column.name }},
    {%- endfor %}
    {%- for column in table.columns if column.data_type != 'string' %}
    {{ column.name }} as {{ column.name }}_as_read,
    {%- endfor %}
    source_file,
    row_number,
    load_date,
    coalesce(load_date, date '1900-01-01') as loaded_on,
    row_text,
    read_error
from {{ rows_as_read }}
{%- endmacro -%}
