with

base_operations__succession_plans as (
    select * from {{ ref('base_operations__succession_plans') }}
),

staged as (
    select
        supervisor_id,
        as_of,

        key_positions,
        ready_successors,

        load_date
    from base_operations__succession_plans
    where row_outcome = 'staged'
)

select * from staged
