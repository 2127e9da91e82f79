with

attendance_read as (

    select * from {{ ref('stg_hr__attendance') }}

),

absences as (

    select * from {{ ref('int_absences_granted') }}

),

violations as (

    select * from {{ ref('stg_hr__violations') }}

),

parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

-- Who is on leave is neither late nor absent.
attendance as (

    select attendance_read.*
    from attendance_read
    anti join absences
        on
            attendance_read.employee_id = absences.employee_id
            and attendance_read.work_date >= absences.start_date
            and attendance_read.work_date <= absences.end_date

),

attended as (

    select
        'attendance' as record_type,
        attendance.employee_id || '|' || cast(attendance.work_date as string)
            as record_id,
        attendance.employee_id,
        attendance.work_date as conduct_date,
        case
            when attendance.late_minutes > parameters.late_grace_minutes then 1
            else 0
        end as late_days,
        case when attendance.is_unexcused then 1 else 0 end as unexcused_days,
        parameters.late_arrival_points,
        parameters.unexcused_absence_points
    from attendance
    cross join parameters

),

credited as (

    select
        record_type,
        record_id,
        employee_id,
        conduct_date,
        late_days,
        unexcused_days,
        cast(
            late_days * late_arrival_points + unexcused_days * unexcused_absence_points
            as decimal(18, 6)
        ) as points_taken
    from attended
    union all
    select
        'violation' as record_type,
        violation_id as record_id,
        employee_id,
        occurred_on as conduct_date,
        0 as late_days,
        0 as unexcused_days,
        cast(points as decimal(18, 6)) as points_taken
    from violations

)

select * from credited
