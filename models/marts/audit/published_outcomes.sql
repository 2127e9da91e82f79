with

versions as (

    select * from {{ source('published', 'versions') }}

),

outcomes as (

    select * from {{ source('published', 'outcomes') }}

)

select
    outcomes.period_type,
    outcomes.period_start,
    versions.version_number,
    versions.step,
    versions.step_id,
    versions.stepped_on,
    outcomes.employee_id,
    outcomes.role_id,
    outcomes.status,
    outcomes.published_score,
    outcomes.score_grade_id,
    outcomes.grade_cap_id,
    outcomes.best_grade_id,
    outcomes.grade_cap_reason,
    outcomes.committee_grade_id,
    outcomes.committee_reason,
    outcomes.decided_on,
    outcomes.decided_by,
    outcomes.is_cap_lifted,
    outcomes.final_grade_id,
    outcomes.final_grade_basis,
    outcomes.bonus_coefficient,
    outcomes.is_eligible_for_promotion,
    outcomes.promotion_reason,
    outcomes.has_improvement_plan,
    outcomes.row_hash,
    outcomes.build_id
from versions
inner join outcomes
    on
        versions.period_type = outcomes.period_type
        and versions.period_start = outcomes.period_start
        and versions.build_id = outcomes.build_id
        and coalesce(versions.employee_id = outcomes.employee_id, true)
