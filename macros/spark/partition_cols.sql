{#- What is built by periods is partitioned by them. -#}
{% macro spark__partition_cols(label, required=false) -%}
    {%- if period_column() -%} {{ label }} ({{ period_column() }}) {%- endif -%}
{%- endmacro %}
