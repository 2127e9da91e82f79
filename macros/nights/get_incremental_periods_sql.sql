{#-
    The incremental strategy of models with rows for periods: months or years that are built
    again are emptied first, so that what is no longer so is gone as well.
-#}
{% macro get_incremental_periods_sql(arguments) %}
    {%- set columns = arguments.dest_columns | map(attribute='name') | join(', ') -%}
delete from {{ arguments.target_relation }}
where {{ is_in_periods_to_build() }};
insert into {{ arguments.target_relation }} ({{ columns }})
select {{ columns }} from {{ arguments.temp_relation }}
{% endmacro %}

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
