{#- The var `exports`: the exports that do not come as declared, each by name. -#}
{% macro replaced_exports() %}
    {%- set replaced = var('exports', {}) -%}
    {%- if replaced is not mapping -%}
        {%- do exceptions.raise_compiler_error(
            'The var exports is ' ~ replaced ~ ', but says of each export by name where it comes from: '
            ~ 'vars: {exports: {exams: absent}}.'
        ) -%}
    {%- endif -%}
    {{- return(replaced) -}}
{% endmacro %}
