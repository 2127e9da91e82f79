with

base_appraisal__objections as (
    select * from {{ ref('base_appraisal__objections') }}
),

staged as (
    select
        objection_id,
        employee_id,
        target_id,
        replacement_employee_id,

        target_type,
        period_type,
        outcome,
        remedy,

        replacement_score,

        period_start,
        filed_on,
        decided_on,
        excluded_from,
        excluded_to,
        load_date
    from base_appraisal__objections
    where row_outcome = 'staged'
)

select * from staged
