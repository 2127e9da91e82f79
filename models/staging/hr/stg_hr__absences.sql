with

base_hr__absences as (
    select * from {{ ref('base_hr__absences') }}
),

staged as (
    select
        employee_id,
        absence_type,
        start_date,

        end_date,
        load_date
    from base_hr__absences
    where row_outcome = 'staged'
)

select * from staged
