{#- A number that stands for the content of a row; `row_set` is the name of the rows. -#}
{% macro row_hash(row_set) %}
    {{- return(adapter.dispatch('row_hash', 'service_scorecards')(row_set)) -}}
{% endmacro %}

{% macro default__row_hash(row_set) -%}
    hash({{ row_set }})
{%- endmacro %}

{% macro spark__row_hash(row_set) -%}
    cast(xxhash64({{ row_set }}.*) as decimal(38, 0))
{%- endmacro %}

{#- A number of 64 bits that stands for the values of some columns. -#}
{% macro row_key(columns) %}
    {{- return(adapter.dispatch('row_key', 'service_scorecards')(columns)) -}}
{% endmacro %}

{% macro default__row_key(columns) -%}
    hash({{ columns | join(', ') }})
{%- endmacro %}

{% macro spark__row_key(columns) -%}
    xxhash64({{ columns | join(', ') }})
{%- endmacro %}
