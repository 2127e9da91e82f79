{%- macro is_required(column, key) -%}
    {{- return(column.name in key or ((column.config or {}).meta or {}).required or false) -}}
{%- endmacro -%}
