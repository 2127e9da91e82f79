with

scorecards as (

    select * from {{ ref('scorecards') }}

),

employee_days as (

    select * from {{ ref('int_employee_days') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

)

-- Whoever held the role after its scorecard ended has no score, and no reason why.
select
    employee_days.employee_id,
    employee_days.role_id,
    employee_days.month_start
from employee_days
cross join as_of
inner join scorecards
    on
        employee_days.role_id = scorecards.role_id
        and employee_days.month_start >= scorecards.valid_to
        and scorecards.valid_to
        > cast(date_trunc('year', employee_days.month_start) as date)
where
    employee_days.scorecard_id is null
    and employee_days.calendar_date <= as_of.as_of_date
group by
    employee_days.employee_id,
    employee_days.role_id,
    employee_days.month_start
