with

attendance as (

    select * from {{ ref('stg_hr__attendance') }}

),

violations as (

    select * from {{ ref('stg_hr__violations') }}

),

parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

attended as (

    select
        attendance.employee_id,
        attendance.work_date as conduct_date,
        1 as attendance_days,
        case
            when attendance.late_minutes > parameters.late_grace_minutes then 1
            else 0
        end as late_days,
        case when attendance.is_unexcused then 1 else 0 end as unexcused_days,
        0 as violation_points
    from attendance
    cross join parameters

),

violated as (

    select
        employee_id,
        occurred_on as conduct_date,
        0 as attendance_days,
        0 as late_days,
        0 as unexcused_days,
        points as violation_points
    from violations

),

united as (

    select * from attended
    union all
    select * from violated

),

summed as (

    select
        employee_id,
        cast(date_trunc('month', conduct_date) as date) as month_start,
        sum(attendance_days) as attendance_days,
        sum(late_days) as late_days,
        sum(unexcused_days) as unexcused_days,
        sum(violation_points) as violation_points
    from united
    group by employee_id, cast(date_trunc('month', conduct_date) as date)

),

scored as (

    select
        summed.employee_id,
        summed.month_start,
        cast(summed.attendance_days as bigint) as attendance_days,
        cast(summed.late_days as bigint) as late_days,
        cast(summed.unexcused_days as bigint) as unexcused_days,
        cast(summed.violation_points as decimal(18, 6)) as violation_points,
        cast(
            greatest(
                0,
                100
                - summed.late_days * parameters.late_arrival_points
                - summed.unexcused_days * parameters.unexcused_absence_points
                - summed.violation_points
            ) as decimal(18, 6)
        ) as compliance_points,
        cast(100 as decimal(18, 6)) as compliance_points_possible
    from summed
    cross join parameters

)

select * from scored
