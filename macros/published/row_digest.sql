{#- The MD5 of columns as text, each ended by chr(31), a null as chr(30); the same on both engines. -#}
{% macro row_digest(columns) -%}
    md5(
        {% for column, data_type in columns.items() -%}
        coalesce({{ column_text(column, data_type) }}, chr(30)) || chr(31)
        {{- ' ||' if not loop.last }}
        {% endfor -%}
    )
{%- endmacro %}

{% macro column_text(column, data_type) %}
    {{- return(adapter.dispatch('column_text', 'service_scorecards')(column, data_type)) -}}
{% endmacro %}

{% macro default__column_text(column, data_type) -%}
    cast({{ column }} as string)
{%- endmacro %}

{#- The text of a small decimal has an exponent there. -#}
{% macro spark__column_text(column, data_type) -%}
    {%- if data_type.startswith('decimal') -%}
        replace(format_number({{ column }}, {{ data_type.split(',')[1].strip(' )') }}), ',', '')
    {%- else -%}
        cast({{ column }} as string)
    {%- endif -%}
{%- endmacro %}
