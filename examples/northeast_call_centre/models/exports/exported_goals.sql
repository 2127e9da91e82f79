with

agents as (

    select * from {{ source('call_centre', 'agents') }}

),

-- Overall_Target is the year's calls. The workload's denominator is 0.7 calls a day
-- (seeds/plan/daily_standards.csv), and 2024 had 366 days: the target is a share of it.
typed as (

    select
        *,
        try_cast(overall_target as decimal(18, 4)) / (0.7 * 366) as target_share
    from agents

),

-- The roster has the targets in force: both sides are taken to have agreed to them.
mapped as (

    select
        agent_id as employee_id,
        '2024' as appraisal_year,
        'workload' as metric_id,
        coalesce(
            cast(round(target_share, 4) as string), overall_target
        ) as target_value,
        '2024-01-01' as proposed_on,
        '2024-01-01' as employee_agreed_on,
        '2024-01-01' as manager_agreed_on
    from typed

)

select * from mapped
