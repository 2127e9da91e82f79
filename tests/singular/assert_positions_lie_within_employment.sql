-- A position outside the employment counts no day: who was hired again keeps the first
-- hire date, and the gap is one between positions.
with

positions as (

    select * from {{ ref('stg_hr__positions') }}

),

employees as (

    select * from {{ ref('stg_hr__employees') }}

)

select
    positions.employee_id,
    positions.start_date,
    positions.end_date,
    employees.hire_date,
    employees.termination_date
from positions
inner join employees on positions.employee_id = employees.employee_id
where
    positions.start_date < employees.hire_date
    or positions.start_date > employees.termination_date
