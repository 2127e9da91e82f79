with

year_scorecards as (

    select * from {{ ref('int_year_scorecards_standing') }}

),

grades as (

    select * from {{ ref('int_grades_ranked') }}

),

grade_caps as (

    select * from {{ ref('grade_caps') }}

),

violations as (

    select * from {{ ref('stg_hr__violations') }}

),

grade_decisions as (

    select * from {{ ref('stg_appraisal__grade_decisions') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

violations_dated as (

    select
        violations.employee_id,
        violations.violation_id,
        violations.category,
        violations.points,
        cast(extract(year from violations.occurred_on) as integer) as appraisal_year
    from violations
    cross join as_of
    where violations.occurred_on <= as_of.as_of_date

),

violations_counted as (

    select
        violations_dated.employee_id,
        violations_dated.appraisal_year,
        grade_caps.grade_cap_id,
        grade_caps.best_grade_id,
        grade_caps.name_en,
        grade_caps.minimum_violations,
        grade_caps.minimum_points,
        count(*) as violations,
        sum(violations_dated.points) as points,
        {{ listed('violations_dated.violation_id') }} as violation_ids
    from violations_dated
    inner join grade_caps
        on
            coalesce(violations_dated.category = grade_caps.category, true)
            and make_date(violations_dated.appraisal_year, 12, 31)
            >= grade_caps.valid_from
            and coalesce(
                make_date(violations_dated.appraisal_year, 12, 31)
                < grade_caps.valid_to,
                true
            )
    group by
        violations_dated.employee_id,
        violations_dated.appraisal_year,
        grade_caps.grade_cap_id,
        grade_caps.best_grade_id,
        grade_caps.name_en,
        grade_caps.minimum_violations,
        grade_caps.minimum_points

),

-- Of several caps the strictest holds.
capped as (

    select
        violations_counted.employee_id,
        violations_counted.appraisal_year,
        violations_counted.grade_cap_id,
        violations_counted.best_grade_id,
        violations_counted.name_en || ': ' || violations_counted.violation_ids
            as grade_cap_reason,
        grades.grade_place
    from violations_counted
    inner join grades
        on
            violations_counted.appraisal_year = grades.appraisal_year
            and violations_counted.best_grade_id = grades.grade_id
    where
        violations_counted.violations
        >= coalesce(violations_counted.minimum_violations, 0)
        and violations_counted.points >= coalesce(violations_counted.minimum_points, 0)
    qualify
        row_number() over (
            partition by
                violations_counted.employee_id, violations_counted.appraisal_year
            order by grades.grade_place desc, violations_counted.grade_cap_id asc
        ) = 1

),

decided as (

    select
        grade_decisions.*,
        grades.grade_place
    from grade_decisions
    cross join as_of
    inner join grades
        on
            grade_decisions.appraisal_year = grades.appraisal_year
            and grade_decisions.grade_id = grades.grade_id
    where grade_decisions.decided_on <= as_of.as_of_date
    qualify
        row_number() over (
            partition by grade_decisions.employee_id, grade_decisions.appraisal_year
            order by grade_decisions.decided_on desc, grade_decisions.decision_id desc
        ) = 1

),

joined as (

    select
        year_scorecards.employee_id,
        year_scorecards.appraisal_year,
        year_scorecards.role_id,
        year_scorecards.status,
        year_scorecards.published_score,
        year_scorecards.grade_id as score_grade_id,
        capped.grade_cap_id,
        capped.best_grade_id,
        capped.grade_cap_reason,
        decided.grade_id as committee_grade_id,
        decided.reason as committee_reason,
        decided.decided_on,
        decided.decided_by,
        coalesce(decided.grade_place < capped.grade_place, false) as is_cap_lifted,
        year_scorecards.status = 'final' as is_final,
        coalesce(capped.grade_place > grades.grade_place, false) as is_capped
    from year_scorecards
    left join grades
        on
            year_scorecards.appraisal_year = grades.appraisal_year
            and year_scorecards.grade_id = grades.grade_id
    left join capped
        on
            year_scorecards.employee_id = capped.employee_id
            and year_scorecards.appraisal_year = capped.appraisal_year
    left join decided
        on
            year_scorecards.employee_id = decided.employee_id
            and year_scorecards.appraisal_year = decided.appraisal_year

),

-- A year that is not final has no final grade, whoever decided.
graded as (

    select
        *,
        case
            when not is_final then null
            when committee_grade_id is not null then committee_grade_id
            when is_capped then best_grade_id
            else score_grade_id
        end as final_grade_id,
        case
            when not is_final then null
            when committee_grade_id is not null then 'committee'
            when is_capped then 'conduct_cap'
            else 'score'
        end as final_grade_basis
    from joined

)

select
    employee_id,
    appraisal_year,
    role_id,
    status,
    published_score,
    score_grade_id,
    grade_cap_id,
    best_grade_id,
    grade_cap_reason,
    committee_grade_id,
    committee_reason,
    decided_on,
    decided_by,
    is_cap_lifted,
    final_grade_id,
    final_grade_basis
from graded
