with

metric_scores as (

    select * from {{ ref('int_month_metrics_computed') }}

),

metric_weights as (

    select * from {{ ref('metric_weights') }}

)

select
    metric_scores.employee_id,
    metric_scores.month_start,
    metric_scores.scorecard_id,
    metric_scores.metric_id,
    metric_scores.denominator,
    metric_scores.metric_score,
    metric_scores.effective_weight,
    metric_scores.contribution,
    metric_scores.missing_reason,
    metric_weights.missing_policy
from metric_scores
inner join metric_weights
    on
        metric_scores.scorecard_id = metric_weights.scorecard_id
        and metric_scores.dimension_id = metric_weights.dimension_id
        and metric_scores.metric_id = metric_weights.metric_id
where
    metric_scores.missing_reason not in ('no_evidence', 'below_minimum_denominator')
    or metric_scores.has_evidence != (metric_scores.missing_reason is null)
    or (metric_scores.missing_reason is distinct from 'no_evidence')
    != (metric_scores.denominator > 0)
    or (metric_scores.metric_score is not null)
    != (
        metric_scores.has_evidence
        or metric_weights.missing_policy in ('neutral', 'zero')
    )
    or (metric_scores.effective_weight is null) != (metric_scores.metric_score is null)
    or (
        metric_scores.metric_score is null and metric_scores.contribution is not null
    )
