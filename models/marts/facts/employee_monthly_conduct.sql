with

conduct as (

    select * from {{ ref('int_conduct_credited') }}

),

summed as (

    select
        employee_id,
        cast(date_trunc('month', conduct_date) as date) as month_start,
        count(*) filter (where record_type = 'attendance') as attendance_days,
        cast(sum(late_days) as bigint) as late_days,
        cast(sum(unexcused_days) as bigint) as unexcused_days,
        count(*) filter (where record_type = 'violation') as violations,
        cast(sum(points_taken) as decimal(18, 6)) as points_taken
    from conduct
    group by employee_id, cast(date_trunc('month', conduct_date) as date)

),

floored as (

    select
        *,
        cast(
            case when points_taken > 100 then 0 else 100 - points_taken end
            as decimal(18, 6)
        ) as compliance_points,
        cast(100 as decimal(18, 6)) as compliance_points_possible
    from summed

)

select * from floored
