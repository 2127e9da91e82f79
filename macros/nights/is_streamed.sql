{#- Whether an export is read night by night, in place, from the files that were found. -#}
{% macro is_streamed(table_name) %}
    {{- return(
        table_name in streamed_exports()
        and table_name not in replaced_exports()
        and var('exports_in', 'files') == 'files'
    ) -}}
{% endmacro %}
