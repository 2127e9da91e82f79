with

base_appraisal__goals as (
    select * from {{ ref('base_appraisal__goals') }}
),

staged as (
    select
        employee_id,
        appraisal_year,
        metric_id,
        proposed_on,

        target_value,

        employee_agreed_on,
        manager_agreed_on,
        load_date
    from base_appraisal__goals
    where row_outcome = 'staged'
)

select * from staged
