with

base_learning__trainings as (
    select * from {{ ref('base_learning__trainings') }}
),

staged as (
    select
        assignment_id,
        employee_id,

        course,

        hours,

        assigned_on,
        due_on,
        completed_on,
        load_date
    from base_learning__trainings
    where row_outcome = 'staged'
)

select * from staged
