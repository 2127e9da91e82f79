with

base_hr__violations as (
    select * from {{ ref('base_hr__violations') }}
),

staged as (
    select
        violation_id,
        employee_id,

        category,

        points,

        occurred_on,
        load_date
    from base_hr__violations
    where row_outcome = 'staged'
)

select * from staged
