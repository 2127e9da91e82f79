{% macro contract_tables() %}
    {# The contract's tables by name, as the sources declare them. Empty while dbt parses. #}
    {% set tables = {} %}
    {% if execute %}
        {% for node in graph.sources.values()
            | selectattr('package_name', 'equalto', 'service_scorecards')
            | sort(attribute='unique_id')
        %}
            {% do tables.update({node.name: node}) %}
        {% endfor %}
    {% endif %}

    {{ return(tables) }}
{% endmacro %}
