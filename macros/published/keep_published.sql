{#-
    Run at the end of a build: if all of it has passed, writes the versions that are due. The rows
    come first, and the versions, which make them count, last: a run that is killed in between
    leaves rows of a build that no version names.
-#}
{% macro keep_published(results) -%}
    {%- set due, as_of = ref('int_versions_due'), ref('int_as_of') -%}
    {%- set scores, plan_rows = ref('int_scores_computed'), ref('int_plan_rows') -%}
    {%- set outcomes, records = ref('int_year_outcomes_computed'), ref('metric_records') -%}
    {%- if not execute or not is_whole_build(results) -%} {{- return('') -}} {%- endif -%}
    {#- Named, not looked up: rows of other periods are passed over, and not computed. -#}
    {%- set starts = run_query('select distinct period_start from ' ~ due ~ ' order by 1').columns[0].values() -%}
    {%- if not starts -%} {{- return('') -}} {%- endif -%}
    {%- set starts_due = "period_start in (date '" ~ starts | join("', date '") ~ "')" -%}
    {%- set closed = run_query(
        'select min(period_start) as first_month, max(period_start) as last_month from ' ~ due
        ~ " where period_type = 'month' and step != 'published'"
    ).rows[0] -%}

    {%- set build = "'" ~ invocation_id ~ "' as build_id" -%}
    {%- do keep('scores', 'select *, ' ~ build ~ ' from ' ~ scores
        ~ ' where ' ~ starts_due ~ ' and ' ~ is_of_a_version_due('period_type', 'period_start')) -%}
    {%- do keep('outcomes', 'select *, ' ~ build ~ ' from ' ~ outcomes
        ~ ' where ' ~ starts_due ~ ' and ' ~ is_of_a_version_due('period_type', 'period_start')) -%}
    {%- if closed.first_month -%}
        {%- do keep('records', 'select *, ' ~ build ~ ' from ' ~ records
            ~ " where record_date >= date '" ~ closed.first_month ~ "'"
            ~ ' and record_date < ' ~ add_months("date '" ~ closed.last_month ~ "'", 1)
            ~ ' and ' ~ is_of_a_version_due("'month'", 'month_start', "step != 'published'")) -%}
    {%- endif -%}
    {%- do keep('plan_rows', 'select *, ' ~ build ~ ' from ' ~ plan_rows) -%}
    {%- do keep('versions', 'select *, ' ~ build ~ ", '" ~ project_fingerprint()
        ~ "' as project_fingerprint from " ~ due ~ ' cross join ' ~ as_of) -%}
{%- endmacro %}

{#- Appends the rows of a query to a table of the source, column by column. -#}
{% macro keep(table_name, rows) -%}
    {%- set table = published_tables() | selectattr('name', 'equalto', table_name) | first -%}
    {%- set names = table.columns.keys() | join(', ') -%}
    {%- do run_query(
        'insert into ' ~ source('published', table_name) ~ ' (' ~ names ~ ') select ' ~ names
        ~ ' from (' ~ rows ~ ') as kept'
    ) -%}
{%- endmacro %}

{#- True for the rows of the people and periods of which a version is due. -#}
{% macro is_of_a_version_due(period_type, period_start, condition='true') -%}
    {%- set due = 'select period_type, period_start from ' ~ ref('int_versions_due') ~ ' where ' ~ condition -%}
    (
        ({{ period_type }}, {{ period_start }}) in ({{ due }} and employee_id is null)
        or (employee_id, {{ period_type }}, {{ period_start }}) in (
            {{ due | replace('select ', 'select employee_id, ') }} and employee_id is not null
        )
    )
{%- endmacro %}

{#- Whether a run built everything, and nothing of it failed. -#}
{% macro is_whole_build(results) %}
    {%- set state = namespace(is_built=false, is_sound=true) -%}
    {%- for result in results -%}
        {%- if result.status not in ['success', 'pass', 'no-op'] -%} {%- set state.is_sound = false -%} {%- endif -%}
        {%- if result.node.name == 'int_build_state' -%} {%- set state.is_built = true -%} {%- endif -%}
    {%- endfor -%}
    {{- return(flags.WHICH in ['run', 'build'] and is_whole_run() and state.is_built and state.is_sound) -}}
{% endmacro %}
