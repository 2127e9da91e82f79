with

base_hr__employees as (
    select * from {{ ref('base_hr__employees') }}
),

staged as (
    select
        employee_id,

        full_name,
        termination_reason,

        hire_date,
        termination_date,
        load_date
    from base_hr__employees
    where row_outcome = 'staged'
)

select * from staged
