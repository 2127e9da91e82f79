{#- What goal_progress calls agreed is what the months are scored by, no more. -#}
with

goal_progress as (

    select * from {{ ref('goal_progress') }}
    where state in ('agreed', 'agreed_late')

),

metric_scores as (

    select distinct
        employee_id,
        month_start,
        metric_id,
        has_personal_target,
        target_value
    from {{ ref('int_month_metrics_computed') }}

),

compared as (

    select
        metric_scores.employee_id,
        metric_scores.month_start,
        metric_scores.metric_id,
        metric_scores.has_personal_target,
        metric_scores.target_value,
        goal_progress.target_value as agreed_target_value
    from metric_scores
    left join goal_progress
        on
            metric_scores.employee_id = goal_progress.employee_id
            and metric_scores.month_start = goal_progress.month_start
            and metric_scores.metric_id = goal_progress.metric_id

)

select * from compared
where
    has_personal_target != (agreed_target_value is not null)
    or (has_personal_target and target_value != agreed_target_value)
