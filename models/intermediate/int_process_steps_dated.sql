with

process_steps as (

    select * from {{ ref('process_steps') }}

),

employee_months as (

    select * from {{ ref('employee_months') }}

),

calendar_days as (

    select * from {{ ref('int_calendar_days') }}

),

periods as (

    select
        'month' as period_type,
        month_start as period_start
    from employee_months
    union
    select
        'year' as period_type,
        cast(date_trunc('year', month_start) as date) as period_start
    from employee_months

),

working_days as (

    select * from calendar_days
    where is_working_day

),

months as (

    select
        month_start,
        min(working_days) as first_working_day
    from working_days
    group by month_start

),

-- A month with fewer working days leaves the rest of them to the next.
dated as (

    select
        periods.period_type,
        periods.period_start,
        process_steps.step_id,
        process_steps.name_en,
        process_steps.name_zh,
        process_steps.responsible,
        process_steps.evidence,
        process_steps.due_from,
        working_days.calendar_date as due_on
    from periods
    inner join process_steps
        on
            periods.period_type = process_steps.period_type
            and periods.period_start >= process_steps.valid_from
            and (
                process_steps.valid_to is null
                or periods.period_start < process_steps.valid_to
            )
    left join months
        on
            {{ add_months('periods.period_start', 'process_steps.due_months') }}
            = months.month_start
    left join working_days
        on
            months.first_working_day + process_steps.due_working_days - 1
            = working_days.working_days

)

select * from dated
