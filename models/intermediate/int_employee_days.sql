with

employees as (

    select * from {{ ref('stg_hr__employees') }}

),

positions as (

    select * from {{ ref('stg_hr__positions') }}

),

absences as (

    select * from {{ ref('int_absences_granted') }}

),

scorecards as (

    select * from {{ ref('scorecards') }}

),

calendar_days as (

    select * from {{ ref('int_calendar_days') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

-- To the end of the month of as-of: eligible days are those of the whole month.
days as (

    select calendar_days.*
    from calendar_days
    cross join as_of
    where calendar_days.month_start <= as_of.as_of_month

),

leave_days as (

    select distinct
        absences.employee_id,
        days.calendar_date
    from absences
    inner join days
        on
            absences.start_date <= days.calendar_date
            and absences.end_date >= days.calendar_date

),

position_days as (

    select
        positions.employee_id,
        days.calendar_date,
        days.month_start,
        days.is_working_day,
        positions.role_id,
        positions.team_id,
        positions.supervisor_id,
        positions.is_probation
    from positions
    inner join employees on positions.employee_id = employees.employee_id
    inner join days
        on
            positions.start_date <= days.calendar_date
            and employees.hire_date <= days.calendar_date
    where
        (positions.end_date is null or positions.end_date > days.calendar_date)
        and (
            employees.termination_date is null
            or employees.termination_date >= days.calendar_date
        )

),

judged as (

    select
        position_days.employee_id,
        position_days.calendar_date,
        position_days.month_start,
        position_days.role_id,
        scorecards.scorecard_id,
        position_days.team_id,
        position_days.supervisor_id,
        position_days.is_working_day,
        position_days.is_probation,
        leave_days.employee_id is not null as is_leave,
        not position_days.is_probation and leave_days.employee_id is null as is_eligible
    from position_days
    left join leave_days
        on
            position_days.employee_id = leave_days.employee_id
            and position_days.calendar_date = leave_days.calendar_date
    left join scorecards
        on
            position_days.role_id = scorecards.role_id
            and position_days.month_start >= scorecards.valid_from
            and (
                scorecards.valid_to is null
                or position_days.month_start < scorecards.valid_to
            )

)

select * from judged
