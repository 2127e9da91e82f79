with

year_metrics as (

    select * from {{ ref('int_year_metrics_standing') }}

)

select
    employee_id,
    appraisal_year,
    scorecard_id,
    dimension_id,
    metric_id,
    numerator,
    denominator,
    metric_value,
    mean_of_months_value,
    target_value,
    contribution
from year_metrics
{{ of_the_periods_to_build() }}
