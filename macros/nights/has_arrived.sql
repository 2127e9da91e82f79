{#-
    True for the rows of a streamed export that the warehouse has not built from yet. Days
    are named, not looked up: the files of other days are not even opened.
-#}
{% macro has_arrived(table_name) -%}
    {%- set days = run_query(
        "select load_date from " ~ source('nights', 'arrivals')
        ~ " where table_name = '" ~ table_name ~ "' and has_arrived order by load_date"
    ).columns[0].values() -%}
    {%- if days | select | list -%}
        load_date in (date '{{ days | join("', date '") }}')
    {%- elif days -%}
        load_date is null
    {%- else -%}
        false
    {%- endif -%}
{%- endmacro %}

{#- For tests: the rows that this night read, or all rows where all were read. -#}
{% macro is_of_this_night(table_name) -%}
    {%- set is_known = execute and load_relation(source('nights', 'arrivals')) is not none -%}
    {{ has_arrived(table_name) if is_known and is_streamed(table_name) and not is_built_anew() else 'true' }}
{%- endmacro %}
