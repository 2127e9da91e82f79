{#- The last line of such a model: only the periods to build are computed, and nothing else. -#}
{% macro of_the_periods_to_build() %}
    {%- if is_incremental() -%} where {{ is_in_periods_to_build() }} {%- endif -%}
{% endmacro %}

{#-
    `periods` says which: `facts`, the months whose records or people have changed; `months`,
    those and the later ones whose windows reach back to them; `years`.
-#}
{% macro is_in_periods_to_build() -%}
    {%- set periods = config.get('meta').periods -%}
    {%- set starts = run_query(
        'select period_start from ' ~ as_built('int_periods_to_build')
        ~ " where period_type = '" ~ ('year' if periods == 'years' else 'month') ~ "'"
        ~ (' and has_new_facts' if periods == 'facts')
        ~ ' order by period_start'
    ).columns[0].values() -%}
    {%- if not starts -%}
        false
    {%- elif periods == 'years' -%}
        appraisal_year in ({{ starts | map(attribute='year') | join(', ') }})
    {%- else -%}
        month_start in (date '{{ starts | join("', date '") }}')
    {%- endif -%}
{%- endmacro %}

{#- For tests: the months whose facts this run has built, by the column that names the month. -#}
{% macro is_in_months_of_this_night(month) -%}
    {%- set periods = ref('int_periods_to_build') -%}
    {%- if not execute or load_relation(periods) is none -%} {{- return('true') -}} {%- endif -%}
    {%- set months = run_query(
        'select period_start from ' ~ periods
        ~ " where period_type = 'month' and has_new_facts order by period_start"
    ).columns[0].values() -%}
    {{ month }} in (date '{{ months | join("', date '") }}')
{%- endmacro %}
