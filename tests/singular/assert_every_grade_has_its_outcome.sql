with

grades as (

    select * from {{ ref('int_grades_ranked') }}

)

select
    appraisal_year,
    grade_id,
    count(*) as outcomes,
    count(bonus_coefficient) as coefficients
from grades
group by appraisal_year, grade_id
having count(*) != 1 or count(bonus_coefficient) != 1
