with

base_appraisal__grade_decisions as (
    select * from {{ ref('base_appraisal__grade_decisions') }}
),

staged as (
    select
        decision_id,
        employee_id,

        appraisal_year,
        grade_id,
        reason,
        decided_by,

        decided_on,
        load_date
    from base_appraisal__grade_decisions
    where row_outcome = 'staged'
)

select * from staged
