{% test holds_only(model, accepted) %}

{%- for column, accepted_values in accepted.items() %}
{{ 'union all' if not loop.first }}
select
    '{{ column }}' as column_name,
    {{ column }} as unknown_value,
    count(*) as row_count
from {{ model }}
where {{ column }} not in ('{{ accepted_values | join("', '") }}')
group by {{ column }}
{%- endfor %}

{% endtest %}
