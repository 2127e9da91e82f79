with

year_outcomes as (

    select * from {{ ref('int_year_outcomes_standing') }}

)

select
    employee_id,
    appraisal_year,
    role_id,
    status,
    final_grade_id,
    bonus_coefficient,
    is_eligible_for_promotion,
    promotion_reason,
    has_improvement_plan
from year_outcomes
