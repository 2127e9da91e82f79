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

{#-
    The months of the calendar, and of the spans of days in a table: evidence may be older than the
    calendar, and windows reach back to it.
-#}
{% macro months_of(days, calendar_days) -%}
select month_start from {{ calendar_days }}
union
select cast(date_trunc('month', reached_day) as date) as month_start
from (
    select {{ days_from_to('first_day', 'last_day') }} as reached_day
    from (
        select
            min(first_day) as first_day,
            max(last_day) as last_day
        from {{ days }}
    )
)
{%- endmacro %}

{#- The months whose facts this run has built, the first one first; none before any was. -#}
{% macro months_of_this_night() %}
    {%- set periods = ref('int_periods_to_build') -%}
    {%- if not execute or load_relation(periods) is none -%} {{- return(none) -}} {%- endif -%}
    {{- return(run_query(
        'select period_start from ' ~ periods
        ~ " where period_type = 'month' and has_new_facts order by period_start"
    ).columns[0].values() | list) -}}
{% endmacro %}

{#-
    For tests: the days from the first to the last month whose facts this run has built. A range,
    unlike a list of months, passes through every view down to what the records are read from.
-#}
{% macro is_on_days_of_this_night(day) -%}
    {%- set months = months_of_this_night() -%}
    {%- if not months -%} {{- return('true' if months is none else 'false') -}} {%- endif -%}
    {{ day }} >= date '{{ months[0] }}'
    and {{ day }} < {{ add_months("date '" ~ months[-1] ~ "'", 1) }}
{%- endmacro %}

{#-
    The files of a streamed export that hold a record of these months, or of a later one;
    int_export_days, which int_periods_to_build follows, knows which. Others need not be opened.
-#}
{% macro is_in_files_of_this_night(table_name) -%}
    {%- set months = months_of_this_night() -%}
    {%- if not months or not is_streamed(table_name) -%} {{- return('true') -}} {%- endif -%}
    {%- set days = run_query(
        'select distinct load_date from ' ~ as_built('int_export_days')
        ~ " where table_name = '" ~ table_name ~ "' and load_date is not null"
        ~ " and recorded_on >= date '" ~ months[0] ~ "' - 1 order by load_date"
    ).columns[0].values() -%}
    (load_date is null{{ " or load_date in (date '" ~ days | join("', date '") ~ "')" if days }})
{%- endmacro %}
