with

base_hr__attendance as (
    select * from {{ ref('base_hr__attendance') }}
),

staged as (
    select
        employee_id,
        work_date,

        scheduled_minutes,
        worked_minutes,
        late_minutes,

        is_unexcused,

        load_date
    from base_hr__attendance
    where row_outcome = 'staged'
)

select * from staged
