{#- A step whose evidence or due day is none would never be done, or never be due. -#}
with

process_steps as (

    select * from {{ ref('process_steps') }}

),

judged as (

    select
        step_id,
        period_type,
        valid_from,
        case
            when
                due_from = 'period'
                and (due_months is null or due_working_days is null)
                then 'has no due day'
            when
                due_from != 'period'
                and (due_months is not null or due_working_days is not null)
                then 'has two due days'
            when (evidence = 'objections') != (due_from != 'period')
                then 'counts its due day from what does not happen'
            when evidence in ('goals', 'interviews') and period_type = 'month'
                then 'has its evidence once a year'
            when evidence = 'ratings' and responsible = 'hr'
                then 'is rated by nobody'
        end as problem
    from process_steps

),

-- What goals are due by must be one day.
goal_steps as (

    select
        max(step_id) as step_id,
        max(period_type) as period_type,
        valid_from,
        'is one of two steps for goals' as problem
    from process_steps
    where evidence = 'goals'
    group by valid_from
    having count(*) > 1

)

select * from judged
where problem is not null
union all
select
    step_id,
    period_type,
    valid_from,
    problem
from goal_steps
