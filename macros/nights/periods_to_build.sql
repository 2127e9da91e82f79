{#- The last line of such a model: only the periods to build are computed, and nothing else. -#}
{% macro of_the_periods_to_build() %}
    {%- if is_incremental() -%} where {{ is_in_periods_to_build() }} {%- endif -%}
{% endmacro %}

{#-
    `periods` says which: `facts`, the months whose records or people have changed; `months`,
    those and the later ones whose windows reach back to them; `years`.
-#}
{% macro is_in_periods_to_build() -%}
    {%- set starts = starts_of_periods_to_build() -%}
    {%- if not starts -%}
        false
    {%- else -%}
        {{ period_column() }} in ({{ starts | join(', ') }})
    {%- endif -%}
{%- endmacro %}

{#- The column that names a model's period; none where it is not built by periods. -#}
{% macro period_column() %}
    {%- set periods = (config.get('meta') or {}).periods -%}
    {{- return({
        'facts': 'month_start', 'months': 'month_start', 'years': 'appraisal_year'
    }.get(periods)) -}}
{% endmacro %}

{#- The values of that column, as SQL, that this run builds. -#}
{% macro starts_of_periods_to_build() %}
    {%- set periods = config.get('meta').periods -%}
    {%- set rows = run_query(
        'select period_start from ' ~ as_built('int_periods_to_build')
        ~ " where period_type = '" ~ ('year' if periods == 'years' else 'month') ~ "'"
        ~ (' and has_new_facts' if periods == 'facts')
        ~ ' order by period_start'
    ).rows -%}
    {%- set starts = [] -%}
    {%- for row in rows -%}
        {%- do starts.append(
            row.period_start.year if periods == 'years' else "date '" ~ row.period_start ~ "'"
        ) -%}
    {%- endfor -%}
    {{- return(starts) -}}
{% endmacro %}

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
