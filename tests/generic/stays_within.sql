{% test stays_within(model, keys, ranges) %}

{%- set conditions = {'from': '<', 'above': '<=', 'to': '>'} -%}

{%- for column, bounds in ranges.items() %}
{{ 'union all' if not loop.first }}
select
    {{ keys | join(',\n    ') }},
    '{{ column }}' as column_name,
    cast({{ column }} as decimal(38, 9)) as column_value
from {{ model }}
where
    {%- for bound, limit in bounds.items() %}
    {{ 'or ' if not loop.first }}{{ column }} {{ conditions[bound] }} {{ limit }}
    {%- endfor %}
{%- endfor %}

{% endtest %}
