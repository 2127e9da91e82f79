{#- `export`: of a streamed export, only the rows that this night brought are looked at. -#}
{% test is_unique_by(model, columns, export=none) %}

select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
{%- if export %}
where {{ is_of_this_night(export) }}
{%- endif %}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {%- for column in columns %}
    or {{ column }} is null
    {%- endfor %}

{% endtest %}
