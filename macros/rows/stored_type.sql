{%- macro stored_type(data_type) -%}
    {{- {'integer': 'bigint', 'decimal': 'decimal(18, 4)'}.get(data_type, data_type) -}}
{%- endmacro -%}
