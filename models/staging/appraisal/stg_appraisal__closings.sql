with

base_appraisal__closings as (
    select * from {{ ref('base_appraisal__closings') }}
),

staged as (
    select
        closing_id,
        employee_id,

        period_type,
        step,
        reason,
        approved_by,

        period_start,
        stepped_on,
        load_date
    from base_appraisal__closings
    where row_outcome = 'staged'
)

select * from staged
