{%- macro problem_of(table) -%}
    {%- set problems = [] -%}
    {%- for column in table.columns -%}
        {%- do problems.extend(column_problems(column, table.config.meta.key)) -%}
    {%- endfor -%}
    {%- for rule in table.config.meta.rules or [] -%}
        {%- do problems.append([rule.reason, rule.when | trim]) -%}
    {%- endfor -%}
case
    when read_error is not null then read_error
    {%- for reason, condition in problems %}
    when {{ condition }}
        then '{{ reason | replace("'", "''") }}'
    {%- endfor %}
end
{%- endmacro -%}
