with

objections as (

    select * from {{ ref('stg_appraisal__objections') }}

),

closings as (

    select * from {{ ref('stg_appraisal__closings') }}

),

calendar_days as (

    select * from {{ ref('int_calendar_days') }}

),

parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

working_days as (

    select * from calendar_days
    where is_working_day

),

filed as (

    select
        objections.*,
        as_of.as_of_date,
        coalesce(objections.decided_on <= as_of.as_of_date, false) as is_decided
    from objections
    cross join as_of
    where objections.filed_on <= as_of.as_of_date

),

-- Against results that were published more than once, the last time counts.
published as (

    select
        filed.objection_id,
        max(closings.stepped_on) as published_on
    from filed
    inner join closings
        on
            filed.period_type = closings.period_type
            and filed.period_start = closings.period_start
            and filed.filed_on >= closings.stepped_on
    where
        closings.step = 'published'
        and coalesce(closings.employee_id = filed.employee_id, true)
    group by filed.objection_id

),

due as (

    select
        filed.*,
        published.published_on,
        last_days_to_file.calendar_date as filing_due_on,
        last_days_to_decide.calendar_date as decision_due_on
    from filed
    cross join parameters
    left join published on filed.objection_id = published.objection_id
    left join calendar_days as days_of_publication
        on published.published_on = days_of_publication.calendar_date
    left join working_days as last_days_to_file
        on
            days_of_publication.working_days + parameters.objection_filing_working_days
            = last_days_to_file.working_days
    left join calendar_days as days_of_filing
        on filed.filed_on = days_of_filing.calendar_date
    left join working_days as last_days_to_decide
        on
            days_of_filing.working_days + parameters.objection_decision_working_days
            = last_days_to_decide.working_days

),

judged as (

    select
        *,
        coalesce(filed_on > filing_due_on, false) as is_filed_late,
        coalesce(
            case when is_decided then decided_on else as_of_date end > decision_due_on,
            false
        ) as is_decided_late
    from due

),

-- A late decision is the department's fault, a late objection is the employee's.
named as (

    select
        *,
        case
            when is_filed_late then 'late'
            when is_decided then outcome
            when is_decided_late then 'overdue'
            else 'open'
        end as state
    from judged

)

select
    objection_id,
    employee_id,
    period_type,
    period_start,
    target_type,
    target_id,
    filed_on,
    published_on,
    filing_due_on,
    is_filed_late,
    decision_due_on,
    case when is_decided then decided_on end as decided_on,
    is_decided_late,
    case when is_decided then outcome end as outcome,
    state,
    remedy,
    replacement_score,
    replacement_employee_id,
    excluded_from,
    excluded_to
from named
