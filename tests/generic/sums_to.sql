{% test sums_to(model, column, total, by, parent) %}

{#- From the parent: a group without a row must fail, and so must a table without any. -#}
with

parents as (

    select distinct {{ by | join(', ') }}
    from {{ parent }}

),

summed as (

    select
        parents.{{ by | join(',\n        parents.') }},
        sum(model.{{ column }}) as total,
        min(model.{{ column }}) as smallest,
        count(*) filter (
            where model.{{ column }} != round(model.{{ column }}, 6)
        ) as finer_than_six_places
    from parents
    left join {{ model }} as model
        on
            {%- for key in by %}
            {{ 'and ' if not loop.first }}parents.{{ key }} = model.{{ key }}
            {%- endfor %}
    group by parents.{{ by | join(', parents.') }}

),

counted as (

    select count(*) as row_count
    from {{ model }}

)

select
    {{ by | join(',\n    ') }},
    total,
    smallest,
    finer_than_six_places
from summed
where
    total is null
    or total != {{ total }}
    or smallest <= 0
    or finer_than_six_places > 0
union all
select
    {%- for key in by %}
    'the table is empty' as {{ key }},
    {%- endfor %}
    0 as total,
    0 as smallest,
    0 as finer_than_six_places
from counted
where row_count = 0

{% endtest %}
