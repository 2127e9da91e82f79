with

metric_scores as (

    select * from {{ ref('int_month_metrics_computed') }}

),

standard_targets as (

    select * from {{ ref('standard_targets') }}

),

goals as (

    select * from {{ ref('stg_appraisal__goals') }}

),

compared as (

    select
        metric_scores.employee_id,
        metric_scores.month_start,
        metric_scores.scorecard_id,
        metric_scores.metric_id,
        metric_scores.has_personal_target,
        metric_scores.target_value,
        standard_targets.target_value as standard_target_value,
        count(goals.employee_id) filter (
            where goals.target_value = metric_scores.target_value
        ) as goals_of_this_target,
        count(goals.employee_id) as agreed_goals
    from metric_scores
    left join standard_targets
        on
            metric_scores.scorecard_id = standard_targets.scorecard_id
            and metric_scores.metric_id = standard_targets.metric_id
    left join goals
        on
            metric_scores.employee_id = goals.employee_id
            and metric_scores.metric_id = goals.metric_id
            and extract(year from metric_scores.month_start) = goals.appraisal_year
            and goals.employee_agreed_on
            < {{ add_months('metric_scores.month_start', 1) }}
            and goals.manager_agreed_on
            < {{ add_months('metric_scores.month_start', 1) }}
    group by
        metric_scores.employee_id,
        metric_scores.month_start,
        metric_scores.scorecard_id,
        metric_scores.dimension_id,
        metric_scores.metric_id,
        metric_scores.has_personal_target,
        metric_scores.target_value,
        standard_targets.target_value

)

select * from compared
where
    (has_personal_target and goals_of_this_target = 0)
    or (
        not has_personal_target
        and (
            agreed_goals > 0
            or target_value is distinct from standard_target_value
        )
    )
