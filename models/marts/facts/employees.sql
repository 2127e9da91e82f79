with

employees as (

    select * from {{ ref('stg_hr__employees') }}

),

employee_days as (

    select * from {{ ref('int_employee_days') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

latest_positions as (

    select
        employee_days.employee_id,
        max_by(employee_days.role_id, employee_days.calendar_date) as role_id,
        max_by(employee_days.team_id, employee_days.calendar_date) filter (
            where employee_days.team_id is not null
        ) as team_id,
        max_by(employee_days.supervisor_id, employee_days.calendar_date) filter (
            where employee_days.supervisor_id is not null
        ) as supervisor_id
    from employee_days
    cross join as_of
    where employee_days.calendar_date <= as_of.as_of_date
    group by employee_days.employee_id

),

described as (

    select
        employees.employee_id,
        employees.full_name,
        employees.hire_date,
        employees.termination_date,
        employees.termination_reason,
        latest_positions.role_id,
        latest_positions.team_id,
        latest_positions.supervisor_id
    from employees
    left join latest_positions
        on employees.employee_id = latest_positions.employee_id

)

select * from described
