with

year_outcomes as (

    select * from {{ ref('int_year_outcomes_standing') }}

),

-- Beside the grade, for the committee to look at: no grade is made from it.
simulation as (

    select * from {{ ref('grade_distribution_simulation') }}

)

select
    year_outcomes.employee_id,
    year_outcomes.appraisal_year,
    year_outcomes.role_id,
    year_outcomes.status,
    year_outcomes.published_score,
    year_outcomes.score_grade_id,
    year_outcomes.grade_cap_id,
    year_outcomes.best_grade_id,
    year_outcomes.grade_cap_reason,
    simulation.suggested_grade_id,
    year_outcomes.committee_grade_id,
    year_outcomes.committee_reason,
    year_outcomes.decided_on,
    year_outcomes.decided_by,
    year_outcomes.is_cap_lifted,
    year_outcomes.final_grade_id,
    year_outcomes.final_grade_basis
from year_outcomes
left join simulation
    on
        year_outcomes.employee_id = simulation.employee_id
        and year_outcomes.appraisal_year = simulation.appraisal_year
