{#-
    What history held was looked at when it was built: with `export`, only the rows that this
    night brought are looked at; with `day`, only the months that it built.
-#}
{% test is_unique_by(model, columns, export=none, day=none) %}

select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
{%- if export %}
where {{ is_of_this_night(export) }}
{%- elif day %}
where {{ is_on_days_of_this_night(day) }}
{%- endif %}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {%- for column in columns %}
    or {{ column }} is null
    {%- endfor %}

{% endtest %}
