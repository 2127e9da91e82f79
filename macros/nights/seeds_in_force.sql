{#-
    The plan that a run builds from, as the checksum of each seed: of the file where the run loads
    it, and else of the file that was loaded last.
-#}
{% macro seeds_in_force() %}
    {%- set in_force = seeds_loaded() -%}
    {%- for name, node in graph.nodes.items() if node.resource_type == 'seed' and name in selected_resources -%}
        {%- do in_force.update({name: node.checksum.checksum}) -%}
    {%- endfor -%}
    {{- return(in_force) -}}
{% endmacro %}

{#- The checksums as the runs before noted them. -#}
{% macro seeds_loaded() %}
    {%- set noted = source('nights', 'seeds_loaded') -%}
    {%- set loaded = {} -%}
    {#- A run has made it. Looked up there, it would begin a transaction that dbt does not commit. -#}
    {%- if flags.WHICH in ['run', 'build'] or load_relation(noted) is not none -%}
        {%- for row in run_query('select seed, checksum from ' ~ noted).rows -%}
            {%- do loaded.update({row.seed: row.checksum}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(loaded) -}}
{% endmacro %}

{#-
    Run at the start and at the end of a run: notes that the selected seeds are being loaded, and which
    file each then holds. A run that breaks off in between leaves seeds of which nothing is known.
-#}
{% macro note_seeds(results=none) -%}
    {%- set noted = source('nights', 'seeds_loaded') -%}
    {%- if not execute -%} {{- return('') -}} {%- endif -%}

    {%- set checksums = {} -%}
    {%- if results is none -%}
        {%- for name in selected_resources if name.startswith('seed.') -%}
            {%- do checksums.update({name: ''}) -%}
        {%- endfor -%}
    {%- else -%}
        {%- for result in results if result.node.resource_type == 'seed' and result.status == 'success' -%}
            {%- do checksums.update({result.node.unique_id: result.node.checksum.checksum}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set rows = [] -%}
    {%- for seed, checksum in checksums.items() -%}
        {%- do rows.append("select '" ~ seed ~ "' as seed, '" ~ checksum ~ "' as checksum") -%}
    {%- endfor -%}

    {%- do run_query('create schema if not exists ' ~ noted.include(identifier=false)) -%}
    {%- do run_query(
        'create table if not exists ' ~ noted ~ ' (seed string, checksum string)'
        ~ (' using parquet' if target.type == 'spark')
    ) -%}
    {%- if rows -%}
        {%- do replace_table(
            noted,
            'select * from ' ~ noted ~ " where seed not in ('" ~ checksums | join("', '") ~ "') union all "
            ~ rows | join(' union all ')
        ) -%}
    {%- endif -%}
{%- endmacro %}
