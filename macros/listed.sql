{#- The texts of a group in order, separated by commas. -#}
{% macro listed(column) %}
    {{- return(adapter.dispatch('listed', 'service_scorecards')(column)) -}}
{% endmacro %}

{% macro default__listed(column) -%}
    string_agg({{ column }}, ', ' order by {{ column }})
{%- endmacro %}

{% macro spark__listed(column) -%}
    listagg({{ column }}, ', ') within group (order by {{ column }})
{%- endmacro %}
