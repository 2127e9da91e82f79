{#- Puts the result of a query, which may read the table itself, in the table's place. -#}
{% macro replace_table(relation, sql) %}
    {{- return(adapter.dispatch('replace_table', 'service_scorecards')(relation, sql)) -}}
{% endmacro %}

{% macro default__replace_table(relation, sql) %}
    {%- do run_query('create or replace table ' ~ relation ~ ' as ' ~ sql) -%}
{% endmacro %}

{#- A run that breaks off leaves the old table or none, never a half of it. -#}
{% macro spark__replace_table(relation, sql) %}
    {%- set coming = api.Relation.create(
        schema=relation.schema, identifier=relation.identifier ~ '__coming'
    ) -%}
    {%- do run_query('drop table if exists ' ~ coming) -%}
    {%- do run_query('create table ' ~ coming ~ ' as ' ~ sql) -%}
    {%- do run_query('drop table if exists ' ~ relation) -%}
    {%- do run_query('alter table ' ~ coming ~ ' rename to ' ~ relation) -%}
{% endmacro %}
