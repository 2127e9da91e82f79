with

grades as (

    select * from {{ ref('int_grades_ranked') }}

)

select
    appraisal_year,
    grade_id,
    count(*) as outcomes,
    min(bonus_coefficient) as bonus_coefficient
from grades
group by appraisal_year, grade_id
having count(*) != 1 or coalesce(min(bonus_coefficient) < 0, true)
