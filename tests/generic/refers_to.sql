{% test refers_to(model, references) %}

{%- for reference in references %}
{%- set columns = reference.columns -%}
{%- set fields = reference.fields or columns %}
{{ 'union all' if not loop.first }}
select
    '{{ columns | join("|") }}' as column_name,
    model.{{ columns | join(" || '|' || model.") }} as unknown_value,
    count(*) as row_count
from {{ model }} as model
left join {{ reference.to }} as referred
    on
        {%- for column in columns %}
        {{ 'and ' if not loop.first }}model.{{ column }} = referred.{{ fields[loop.index0] }}
        {%- endfor %}
where
    referred.{{ fields[0] }} is null
    {%- for column in columns %}
    and model.{{ column }} is not null
    {%- endfor %}
group by model.{{ columns | join(', model.') }}
{%- endfor %}

{% endtest %}
