{#-
    Notes which days of the streamed exports are there, as `arrivals`, and which of them the
    warehouse has not built from yet. Where a night cannot be added to what is there, because
    the project, its plan or what an earlier day brought has changed, or because nobody knows
    what a run that broke off has left, all is built anew.
-#}
{% macro mount_arrivals(files) %}
    {%- set arrivals = source('nights', 'arrivals') -%}
    {%- set state = state_relation() -%}
    {%- set has_state = load_relation(state) is not none -%}
    {%- do run_query('create schema if not exists ' ~ arrivals.include(identifier=false)) -%}
    {%- do replace_table(arrivals, arrivals_found(files, state if has_state)) -%}

    {%- set reasons = [] -%}
    {%- if has_state -%}
        {%- set built = run_query(
            "select fingerprint from " ~ state ~ " where subject = 'project'"
        ).columns[0].values() -%}
        {%- if built | join != project_fingerprint() -%}
            {%- do reasons.append('the project, its plan or a variable changed') -%}
        {%- elif not run_query("select 1 from " ~ state ~ " where subject = 'invocation'").rows -%}
            {%- do reasons.append('a run broke off or built only some models') -%}
        {%- endif -%}
        {%- if reasons and invocation_args_dict.selector == 'arrivals' -%}
            {%- do exceptions.raise_compiler_error(
                reasons[0][:1] | upper ~ reasons[0][1:] ~ ' since the last build, and the views'
                ~ ' have to follow: dbt build --selector nightly'
            ) -%}
        {%- endif -%}
        {%- for row in run_query(
            'select table_name, load_date from ' ~ arrivals
            ~ " where has_changed or (has_arrived and load_date = '')"
            ~ ' order by table_name, load_date'
        ).rows -%}
            {%- do reasons.append(
                'the export ' ~ row.table_name
                ~ (' of ' ~ row.load_date if row.load_date)
                ~ (' changed after it was read' if is_streamed(row.table_name) else ' is not read by day')
            ) -%}
        {%- endfor -%}
    {%- endif -%}

    {%- if reasons -%}
        {%- do log('Everything is built anew: ' ~ reasons[0] ~ '.', info=true) -%}
    {%- endif -%}
    {%- if reasons or not has_state or flags.FULL_REFRESH -%}
        {%- set marked -%}
select
    table_name,
    load_date,
    fingerprint,
    true as has_arrived,
    has_changed,
    true as is_anew
from {{ arrivals }}
        {%- endset -%}
        {%- do replace_table(arrivals, marked) -%}
    {%- endif -%}

    {#- Until this run has built all of them, what the state says is true of some only. -#}
    {%- if has_state and models_that_nights_add_to() | select('in', selected_resources) | list -%}
        {%- do replace_table(state, 'select * from ' ~ state ~ " where subject != 'invocation'") -%}
    {%- endif -%}
{% endmacro %}

{#- The incremental models, by their unique ids. -#}
{% macro models_that_nights_add_to() %}
    {%- set added_to = [] -%}
    {%- for name, node in graph.nodes.items()
        if name.startswith('model.service_scorecards.') and node.config.materialized == 'incremental' -%}
        {%- do added_to.append(name) -%}
    {%- endfor -%}
    {{- return(added_to) -}}
{% endmacro %}

{#- Whether this run builds all that a night adds to, and not some models by name. -#}
{% macro is_whole_run() %}
    {{- return(execute and not models_that_nights_add_to() | reject('in', selected_resources) | list) -}}
{% endmacro %}

{#- What the warehouse was built from, as the last model of a build wrote it down. -#}
{% macro state_relation() %}
    {{- return(as_built('int_build_state')) -}}
{% endmacro %}

{#- What decides the results besides the exports: contract, models, macros, plan, variables. -#}
{% macro project_fingerprint() %}
    {%- set parts = [
        'as_of=' ~ var('as_of', none), 'exports=' ~ var('exports', {}),
        'exports_in=' ~ var('exports_in', 'files'), 'target=' ~ target.type,
        'time_zone=' ~ source_time_zone(),
    ] -%}
    {%- for name, node in graph.nodes.items() if node.resource_type == 'model' -%}
        {%- do parts.append(name ~ '=' ~ node.checksum.checksum) -%}
    {%- endfor -%}
    {%- for name, checksum in seeds_in_force().items() -%}
        {%- do parts.append(name ~ '=' ~ checksum) -%}
    {%- endfor -%}
    {%- for name, table in contract_tables().items() -%}
        {%- do parts.append(name ~ '=' ~ table.config.meta) -%}
        {%- for column in table.columns -%}
            {%- do parts.append(name ~ '.' ~ column.name ~ '=' ~ column.data_type ~ column.config) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for name, macro in context['service_scorecards'].items() -%}
        {%- do parts.append('macro ' ~ name ~ '=' ~ macro.macro.macro_sql) -%}
    {%- endfor -%}
    {{- return(local_md5(parts | sort | join('\n'))) -}}
{% endmacro %}
