with

employee_days as (

    select * from {{ ref('int_employee_days') }}

),

parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

counted as (

    select
        employee_id,
        month_start,
        scorecard_id,
        min(role_id) as role_id,
        max_by(team_id, calendar_date) filter (where team_id is not null) as team_id,
        max_by(supervisor_id, calendar_date) filter (where supervisor_id is not null)
            as supervisor_id,
        count(*) as position_days,
        count(*) filter (where is_probation) as probation_days,
        count(*) filter (where is_leave) as leave_days,
        count(*) filter (where is_eligible) as eligible_days,
        count(*) filter (where is_eligible and is_working_day) as eligible_working_days
    from employee_days
    where scorecard_id is not null
    group by employee_id, month_start, scorecard_id

),

judged as (

    select
        counted.*,
        counted.eligible_days >= parameters.minimum_eligible_days_month as is_appraised
    from counted
    cross join parameters

)

select * from judged
