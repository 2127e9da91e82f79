{#- What tells whether a remedy is still the one that was built with. -#}
{% macro remedy_text() -%}
    remedy || ' ' || coalesce(cast(replacement_score as string), '')
    || ' ' || coalesce(replacement_employee_id, '')
{%- endmacro %}
