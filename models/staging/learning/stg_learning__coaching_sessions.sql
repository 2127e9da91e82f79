with

base_learning__coaching_sessions as (
    select * from {{ ref('base_learning__coaching_sessions') }}
),

staged as (
    select
        session_id,
        coach_id,
        employee_id,
        metric_id,

        held_at,
        load_date
    from base_learning__coaching_sessions
    where row_outcome = 'staged'
)

select * from staged
