with

versions as (

    select * from {{ source('published', 'versions') }}

),

scores as (

    select * from {{ source('published', 'scores') }}

)

select
    scores.period_type,
    scores.period_start,
    versions.version_number,
    versions.step,
    versions.step_id,
    versions.stepped_on,
    scores.employee_id,
    scores.level,
    scores.scorecard_id,
    scores.dimension_id,
    scores.metric_id,
    scores.role_id,
    scores.eligible_days,
    scores.is_appraised,
    scores.published_score,
    scores.grade_id,
    scores.status,
    scores.status_reason,
    scores.monthly_score,
    scores.review_score,
    scores.annual_score,
    scores.dimension_weight,
    scores.dimension_score,
    scores.scored_weight,
    scores.weight_covered,
    scores.monthly_contribution,
    scores.review_contribution,
    scores.contribution,
    scores.metric_weight,
    scores.nominal_weight,
    scores.effective_weight,
    scores.missing_policy,
    scores.pooled_from_month,
    scores.numerator,
    scores.denominator,
    scores.metric_value,
    scores.mean_of_months_value,
    scores.target_value,
    scores.has_personal_target,
    scores.metric_score,
    scores.has_evidence,
    scores.missing_reason,
    scores.row_hash,
    scores.build_id
from versions
inner join scores
    on
        versions.period_type = scores.period_type
        and versions.period_start = scores.period_start
        and versions.build_id = scores.build_id
        and coalesce(versions.employee_id = scores.employee_id, true)
