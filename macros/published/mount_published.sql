{#- Makes the tables of the source `published` that are not there yet, and their new columns. -#}
{% macro mount_published() -%}
    {%- if not execute or flags.WHICH == 'seed' -%} {{- return('') -}} {%- endif -%}

    {%- for table in published_tables() -%}
        {%- set relation = source('published', table.name) -%}
        {%- set columns = [] -%}
        {%- for column in table.columns.values() -%}
            {%- do columns.append(column.name ~ ' ' ~ column.data_type) -%}
        {%- endfor -%}
        {%- if loop.first -%}
            {%- do run_query('create schema if not exists ' ~ relation.include(identifier=false)) -%}
        {%- endif -%}
        {%- do run_query(
            'create table if not exists ' ~ relation ~ ' (' ~ columns | join(', ') ~ ')'
            ~ (' using parquet' if target.type == 'spark')
        ) -%}
        {%- set found = run_query('select * from ' ~ relation ~ ' limit 0').column_names -%}
        {%- for column in table.columns.values() if column.name not in found -%}
            {%- do run_query(
                'alter table ' ~ relation ~ ' add column ' ~ column.name ~ ' ' ~ column.data_type
            ) -%}
        {%- endfor -%}
    {%- endfor -%}
{%- endmacro %}

{#- The tables of the source, as its YAML declares them. -#}
{% macro published_tables() %}
    {{- return(
        graph.sources.values() | selectattr('source_name', 'equalto', 'published')
        | selectattr('package_name', 'equalto', 'service_scorecards') | list
    ) -}}
{% endmacro %}
