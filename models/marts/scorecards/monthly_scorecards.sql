with

month_scorecards as (

    select * from {{ ref('int_month_scorecards_standing') }}

)

select
    employee_id,
    month_start,
    scorecard_id,
    role_id,
    eligible_days,
    monthly_score,
    published_score,
    grade_id,
    status,
    status_reason,
    weight_covered
from month_scorecards
{{ of_the_periods_to_build() }}
