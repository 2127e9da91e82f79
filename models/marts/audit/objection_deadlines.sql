with

monthly_scorecards as (

    select * from {{ ref('monthly_scorecards') }}

),

annual_scorecards as (

    select * from {{ ref('annual_scorecards') }}

),

steps as (

    select * from {{ ref('int_period_steps') }}

),

calendar_days as (

    select * from {{ ref('int_calendar_days') }}

),

parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

working_days as (

    select * from calendar_days
    where is_working_day

),

results as (

    select distinct
        employee_id,
        'month' as period_type,
        month_start as period_start
    from monthly_scorecards
    union all
    select
        employee_id,
        'year' as period_type,
        make_date(appraisal_year, 1, 1) as period_start
    from annual_scorecards

),

published as (

    select
        results.employee_id,
        results.period_type,
        results.period_start,
        max(steps.stepped_on) as published_on
    from results
    inner join steps
        on
            results.period_type = steps.period_type
            and results.period_start = steps.period_start
            and coalesce(results.employee_id = steps.employee_id, true)
    where steps.step = 'published'
    group by results.employee_id, results.period_type, results.period_start

),

due as (

    select
        published.employee_id,
        published.period_type,
        published.period_start,
        published.published_on,
        working_days.calendar_date as filing_due_on
    from published
    cross join parameters
    left join calendar_days
        on published.published_on = calendar_days.calendar_date
    left join working_days
        on
            calendar_days.working_days + parameters.objection_filing_working_days
            = working_days.working_days

)

select * from due
