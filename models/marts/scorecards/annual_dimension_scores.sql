with

year_dimensions as (

    select * from {{ ref('int_year_dimensions_standing') }}

)

select
    employee_id,
    appraisal_year,
    scorecard_id,
    dimension_id,
    eligible_days,
    dimension_weight,
    monthly_score,
    review_score,
    dimension_score,
    weight_covered,
    monthly_contribution,
    review_contribution,
    contribution
from year_dimensions
{{ of_the_periods_to_build() }}
