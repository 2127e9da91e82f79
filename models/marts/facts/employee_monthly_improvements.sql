with

improvements as (

    select * from {{ ref('stg_operations__improvements') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

judged as (

    select
        improvements.owner_id as employee_id,
        cast(date_trunc('month', improvements.planned_on) as date) as month_start,
        lower(coalesce(improvements.status, '')) != 'cancelled' as is_planned,
        improvements.delivered_on <= improvements.planned_on as is_delivered_in_time,
        improvements.verified_by != improvements.owner_id
        and improvements.effect_score is not null as is_verified,
        improvements.effect_score
    from improvements
    cross join as_of
    where improvements.planned_on <= as_of.as_of_date

),

summed as (

    select
        employee_id,
        month_start,
        count(*) filter (where is_planned) as improvements_planned,
        count(*) filter (where is_planned and is_delivered_in_time)
            as improvements_delivered,
        count(*) filter (where is_verified) as improvements_verified,
        cast(
            coalesce(sum(effect_score) filter (where is_verified), 0) as decimal(18, 6)
        ) as effect_points,
        cast(100 * count(*) filter (where is_verified) as decimal(18, 6))
            as effect_points_possible
    from judged
    group by employee_id, month_start

)

select * from summed
