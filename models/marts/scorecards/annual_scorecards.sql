with

year_scorecards as (

    select * from {{ ref('int_year_scorecards_standing') }}

)

select
    employee_id,
    appraisal_year,
    role_id,
    eligible_days,
    monthly_score,
    review_score,
    annual_score,
    published_score,
    grade_id,
    status,
    status_reason,
    weight_covered
from year_scorecards
{{ of_the_periods_to_build() }}
