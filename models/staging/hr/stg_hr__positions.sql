with

base_hr__positions as (
    select * from {{ ref('base_hr__positions') }}
),

staged as (
    select
        employee_id,
        start_date,
        role_id,
        team_id,
        supervisor_id,

        is_probation,

        end_date,
        load_date
    from base_hr__positions
    where row_outcome = 'staged'
)

select * from staged
