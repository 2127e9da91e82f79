with

grades as (

    select * from {{ ref('annual_grades') }}

),

outcomes as (

    select * from {{ ref('annual_outcomes') }}

),

ranked as (

    select * from {{ ref('int_grades_ranked') }}

),

joined as (

    select
        grades.*,
        outcomes.employee_id is null as has_no_outcome,
        outcomes.final_grade_id as outcome_grade_id,
        outcomes.bonus_coefficient,
        final_grades.grade_place as final_place,
        best_grades.grade_place as best_place
    from grades
    left join outcomes
        on
            grades.employee_id = outcomes.employee_id
            and grades.appraisal_year = outcomes.appraisal_year
    left join ranked as final_grades
        on
            grades.appraisal_year = final_grades.appraisal_year
            and grades.final_grade_id = final_grades.grade_id
    left join ranked as best_grades
        on
            grades.appraisal_year = best_grades.appraisal_year
            and grades.best_grade_id = best_grades.grade_id

),

judged as (

    select
        *,
        case
            when has_no_outcome then 'has no outcome'
            when outcome_grade_id != final_grade_id then 'has the outcome of another'
            when
                (status = 'final') != (final_grade_id is not null)
                or (final_grade_id is null) != (final_grade_basis is null)
                or (final_grade_id is null) != (bonus_coefficient is null)
                then 'is final without a grade, or graded without being final'
            when final_grade_basis = 'score' and final_grade_id != score_grade_id
                then 'is not the grade of the score'
            when final_grade_basis = 'conduct_cap' and final_grade_id != best_grade_id
                then 'is not what the cap allows'
            when
                final_grade_basis = 'committee'
                and (final_grade_id != committee_grade_id or committee_reason is null)
                then 'is not what the committee decided, and why'
            when final_place < best_place and not is_cap_lifted
                then 'is better than the cap allows'
        end as problem
    from joined

)

select
    employee_id,
    appraisal_year,
    problem
from judged
where problem is not null
