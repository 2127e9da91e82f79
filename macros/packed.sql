{#- Several columns as one value with named fields; values compare in the order of fields. -#}
{% macro packed(columns) %}
    {{- return(adapter.dispatch('packed', 'service_scorecards')(columns)) -}}
{% endmacro %}

{% macro default__packed(columns) -%}
    struct_pack({% for column in columns %}{{ column }} := {{ column }}{{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}

{% macro spark__packed(columns) -%}
    struct({{ columns | join(', ') }})
{%- endmacro %}
