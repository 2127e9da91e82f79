with

base_operations__suggestions as (
    select * from {{ ref('base_operations__suggestions') }}
),

staged as (
    select
        suggestion_id,
        employee_id,

        status,

        submitted_on,
        decided_on,
        implemented_on,
        load_date
    from base_operations__suggestions
    where row_outcome = 'staged'
)

select * from staged
