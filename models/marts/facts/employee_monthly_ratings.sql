{% set criteria = [
    'improvement', 'accountability', 'resilience', 'collaboration', 'coordination'
] %}

with

ratings as (

    select * from {{ ref('int_month_ratings_credited') }}

),

summed as (

    select
        employee_id,
        month_start,
        {% for criterion in criteria %}
        cast(
            coalesce(sum(points) filter (where metric_id = '{{ criterion }}'), 0)
            as decimal(18, 6)
        ) as {{ criterion }}_points,
        count(*) filter (where metric_id = '{{ criterion }}')
            as {{ criterion }}_ratings,
        {% endfor %}
        count(*) as ratings
    from ratings
    group by employee_id, month_start

)

select * from summed
