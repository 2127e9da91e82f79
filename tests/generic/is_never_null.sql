{% test is_never_null(model, columns=none) %}

{%- set columns = columns or (
    adapter.get_columns_in_relation(model) | map(attribute='name') | list if execute
) or [] -%}

{%- for column in columns %}
{{ 'union all' if not loop.first }}
select
    '{{ column }}' as empty_column,
    count(*) as row_count
from {{ model }}
where {{ column }} is null
having count(*) > 0
{% else %}
select 1 as row_count
from {{ model }}
where false
{%- endfor %}

{% endtest %}
