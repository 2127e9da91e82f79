{#- Whether this run adds to what the last one built; a unit test never does. -#}
{% macro is_night() %}
    {{- return(
        execute
        and flags.WHICH in ['run', 'build']
        and model.config.materialized != 'unit'
        and not is_built_anew()
    ) -}}
{% endmacro %}

{#- Whether nothing of what an earlier run built is used. -#}
{% macro is_built_anew() %}
    {{- return(run_query(
        'select coalesce(bool_or(is_anew), true) from ' ~ source('nights', 'arrivals')
    ).columns[0].values()[0]) -}}
{% endmacro %}

{#-
    Asked by dbt for each incremental model. The flag and the config decide as ever; besides,
    a night cannot be added to what another plan, or another version of the models, built.
    `dbt seed` alone has looked at no arrivals, and writes each seed anew.
-#}
{% macro should_full_refresh() %}
    {%- set configured = config.get('full_refresh') -%}
    {%- if configured is not none -%} {{- return(configured) -}} {%- endif -%}
    {{- return(flags.FULL_REFRESH or flags.WHICH == 'seed' or is_built_anew()) -}}
{% endmacro %}

{#-
    A model as the last build left it. It is no ref: the model is built later in this run,
    and what it held before says what has to be rebuilt.
-#}
{% macro as_built(model_name) %}
    {%- set node = graph.nodes['model.service_scorecards.' ~ model_name] -%}
    {{- return(api.Relation.create(
        database=node.database, schema=node.schema, identifier=node.alias
    )) -}}
{% endmacro %}
