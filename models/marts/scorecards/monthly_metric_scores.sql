with

month_metrics as (

    select * from {{ ref('int_month_metrics_standing') }}

)

select
    employee_id,
    month_start,
    scorecard_id,
    dimension_id,
    metric_id,
    pooled_from_month,
    numerator,
    denominator,
    metric_value,
    target_value,
    has_personal_target,
    metric_score,
    nominal_weight,
    effective_weight,
    contribution,
    has_evidence,
    missing_reason
from month_metrics
{{ of_the_periods_to_build() }}
