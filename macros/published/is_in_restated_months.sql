{#-
    A condition: true for the months that restated scores rest on, named as dates, so that the
    records of other months are not looked at; false where nothing is restated.
-#}
{% macro is_in_restated_months(month) -%}
    {%- set restated = ref('int_scores_restated') -%}
    {%- set is_built = execute and model.config.materialized != 'unit' and load_relation(restated) -%}
    {%- set months = run_query(
        'select min(pooled_from_month), max(pooled_to_month) from ' ~ restated
    ).rows[0] if is_built else [none, none] -%}
    {%- if months[0] -%}
        {{ month }} between date '{{ months[0] }}' and date '{{ months[1] }}'
    {%- else -%}
        {{ 'false' if is_built else 'true' }}
    {%- endif -%}
{%- endmacro %}
