with

scorecards as (

    select * from {{ ref('scorecards') }}

),

employee_days as (

    select * from {{ ref('int_employee_days') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

scored_roles as (

    select
        role_id,
        min(valid_from) as first_scored_on
    from scorecards
    group by role_id

)

-- Whoever held the role after its last scorecard ended has no score, and no reason why.
select
    employee_days.employee_id,
    employee_days.role_id,
    employee_days.month_start
from employee_days
cross join as_of
inner join scored_roles on employee_days.role_id = scored_roles.role_id
where
    employee_days.scorecard_id is null
    and employee_days.month_start >= scored_roles.first_scored_on
    and employee_days.calendar_date <= as_of.as_of_date
group by
    employee_days.employee_id,
    employee_days.role_id,
    employee_days.month_start
