{#- Everybody with a month has all steps of it and of its year, in one state each. -#}
with

appraisal_progress as (

    select * from {{ ref('appraisal_progress') }}

),

team_appraisal_progress as (

    select * from {{ ref('team_appraisal_progress') }}

),

employee_months as (

    select * from {{ ref('employee_months') }}

),

process_steps as (

    select * from {{ ref('process_steps') }}

),

periods as (

    select
        employee_id,
        'month' as period_type,
        month_start as period_start
    from employee_months
    union
    select
        employee_id,
        'year' as period_type,
        cast(date_trunc('year', month_start) as date) as period_start
    from employee_months

),

expected as (

    select
        periods.employee_id,
        periods.period_type,
        periods.period_start,
        process_steps.step_id
    from periods
    inner join process_steps
        on
            periods.period_type = process_steps.period_type
            and periods.period_start >= process_steps.valid_from
            and coalesce(periods.period_start < process_steps.valid_to, true)

),

compared as (

    select
        coalesce(expected.employee_id, appraisal_progress.employee_id) as who,
        coalesce(expected.period_start, appraisal_progress.period_start)
            as period_start,
        coalesce(expected.step_id, appraisal_progress.step_id) as step_id,
        case
            when appraisal_progress.employee_id is null then 'is left out'
            when expected.employee_id is null then 'is nobody''s step'
            when
                (appraisal_progress.state = 'not_required')
                != (appraisal_progress.not_required_reason is not null)
                then 'is not required without a reason'
            when
                (appraisal_progress.state in ('done', 'done_late'))
                and appraisal_progress.done_on is null
                then 'is done on no day'
        end as problem
    from expected
    full outer join appraisal_progress
        on
            expected.employee_id = appraisal_progress.employee_id
            and expected.period_type = appraisal_progress.period_type
            and expected.period_start = appraisal_progress.period_start
            and expected.step_id = appraisal_progress.step_id

),

teams as (

    select
        supervisor_id as who,
        period_start,
        step_id,
        'does not add up' as problem
    from team_appraisal_progress
    where required != done + done_late + due + overdue or required > people

)

select * from compared
where problem is not null
union all
select * from teams
