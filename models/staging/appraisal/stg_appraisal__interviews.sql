with

base_appraisal__interviews as (
    select * from {{ ref('base_appraisal__interviews') }}
),

staged as (
    select
        interview_id,
        employee_id,
        interviewer_id,

        appraisal_year,
        employee_comment,

        held_on,
        load_date
    from base_appraisal__interviews
    where row_outcome = 'staged'
)

select * from staged
