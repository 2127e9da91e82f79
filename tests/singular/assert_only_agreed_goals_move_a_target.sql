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

-- From the export itself: of the goals that both have agreed to by the month's end,
-- the one proposed last.
agreed as (

    select
        metric_scores.employee_id,
        metric_scores.month_start,
        metric_scores.scorecard_id,
        metric_scores.metric_id,
        metric_scores.has_personal_target,
        metric_scores.target_value,
        max_by(goals.target_value, goals.proposed_on) as agreed_target_value
    from metric_scores
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
        metric_scores.target_value

),

compared as (

    select
        agreed.*,
        coalesce(agreed.agreed_target_value, standard_targets.target_value)
            as expected_target_value
    from agreed
    left join standard_targets
        on
            agreed.scorecard_id = standard_targets.scorecard_id
            and agreed.metric_id = standard_targets.metric_id

)

select * from compared
where
    target_value is distinct from expected_target_value
    or has_personal_target != (agreed_target_value is not null)
