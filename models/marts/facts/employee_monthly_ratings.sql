{% set criteria = [
    'improvement', 'accountability', 'resilience', 'collaboration', 'coordination'
] %}

with

ratings as (

    select * from {{ ref('stg_appraisal__ratings') }}

),

latest as (

    select
        *,
        {{ divide('score', 'scale_max', 6) }} as points
    from ratings
    where period_type = 'month' and relation in ('supervisor', 'peer', 'head')
    qualify
        row_number() over (
            partition by ratee_id, rater_id, relation, criterion_id, period_start
            order by submitted_at desc, rating_id desc
        ) = 1

),

summed as (

    select
        ratee_id as employee_id,
        period_start as month_start,
        {% for criterion in criteria %}
        cast(
            coalesce(sum(points) filter (where criterion_id = '{{ criterion }}'), 0)
            as decimal(18, 6)
        ) as {{ criterion }}_points,
        count(*) filter (where criterion_id = '{{ criterion }}')
            as {{ criterion }}_ratings{% if not loop.last %},{% endif %}

        {% endfor %}
    from latest
    group by ratee_id, period_start

)

select * from summed
