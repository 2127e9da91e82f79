{%- macro not_materialized() -%}
    {{- adapter.dispatch('not_materialized', 'service_scorecards')() -}}
{%- endmacro -%}

{%- macro default__not_materialized() -%} not materialized {% endmacro -%}

{%- macro spark__not_materialized() -%} {%- endmacro -%}
