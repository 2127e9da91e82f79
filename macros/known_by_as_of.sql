{#-
    True for a record that is stamped at or before as-of. Without the variable `as_of` the
    newest instant of the exports is as-of, and every record is known by then.
-#}
{% macro known_by_as_of(instant) -%}
    {% if var('as_of', none) -%}
        {{ instant }} <= cast('{{ var("as_of") }}' as timestamp)
    {%- else -%}
        true
    {%- endif %}
{%- endmacro %}
