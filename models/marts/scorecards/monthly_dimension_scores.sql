with

month_dimensions as (

    select * from {{ ref('int_month_dimensions_standing') }}

)

select
    employee_id,
    month_start,
    scorecard_id,
    dimension_id,
    dimension_weight,
    effective_weight,
    dimension_score,
    weight_covered,
    contribution
from month_dimensions
{{ of_the_periods_to_build() }}
