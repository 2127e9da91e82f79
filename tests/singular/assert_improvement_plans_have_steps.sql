with

outcomes as (

    select * from {{ ref('annual_outcomes') }}
    where has_improvement_plan

),

steps as (

    select * from {{ ref('improvement_plan_steps') }}

),

-- Whose points are all lost in the review has no metric to improve.
gaps as (

    select * from {{ ref('annual_strengths_and_gaps') }}
    where points_lost > 0 and denominator > 0

)

select
    outcomes.employee_id,
    outcomes.appraisal_year
from outcomes
semi join gaps
    on
        outcomes.employee_id = gaps.employee_id
        and outcomes.appraisal_year = gaps.appraisal_year
anti join steps
    on
        outcomes.employee_id = steps.employee_id
        and outcomes.appraisal_year = steps.appraisal_year
