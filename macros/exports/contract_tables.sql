{%- macro contract_tables() -%}
    {#- The tables of the contract by name, as the sources declare them. -#}
    {%- set tables = {} -%}
    {%- for node in graph.sources.values() if node.package_name == 'service_scorecards' and node.source_name not in ['nights', 'published'] -%}
        {%- do tables.update({node.name: {
            'name': node.name,
            'schema': node.schema,
            'relation_name': node.relation_name,
            'config': node.config,
            'columns': node.columns.values() | list,
        }}) -%}
    {%- endfor -%}

    {{- return(tables) -}}
{%- endmacro -%}
