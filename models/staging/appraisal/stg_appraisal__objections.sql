with

base_appraisal__objections as (
    select * from {{ ref('base_appraisal__objections') }}
),

staged as (
    select
        objection_id,
        employee_id,
        target_id,

        target_type,
        outcome,

        filed_on,
        decided_on,
        load_date
    from base_appraisal__objections
    where row_outcome = 'staged'
)

select * from staged
