with

year_outcomes as (

    select * from {{ ref('int_year_outcomes_standing') }}
    where final_grade_id is not null

),

grades as (

    select * from {{ ref('int_grades_ranked') }}

),

rules as (

    select * from {{ ref('recognition_rules') }}

),

followed as (

    select
        year_outcomes.*,
        grades.grade_place = 1 as has_best_grade,
        previous.published_score as previous_score
    from year_outcomes
    inner join grades
        on
            year_outcomes.appraisal_year = grades.appraisal_year
            and year_outcomes.final_grade_id = grades.grade_id
    left join year_outcomes as previous
        on
            year_outcomes.employee_id = previous.employee_id
            and year_outcomes.role_id = previous.role_id
            and year_outcomes.appraisal_year = previous.appraisal_year + 1

),

-- Years of the best grade without a gap have the same year less their number.
numbered as (

    select
        *,
        appraisal_year - row_number() over (
            partition by employee_id, has_best_grade order by appraisal_year
        ) as series
    from followed

),

measured as (

    select
        *,
        published_score - previous_score as improvement,
        case
            when has_best_grade
                then
                    row_number() over (
                        partition by employee_id, has_best_grade, series
                        order by appraisal_year
                    )
        end as years_in_series
    from numbered

),

-- Each person's value by each rule, among those who are compared.
valued as (

    select
        measured.employee_id,
        measured.appraisal_year,
        measured.role_id,
        measured.grade_cap_id,
        rules.recognition_id,
        rules.minimum_people,
        rules.minimum_value,
        rules.name_en as recognition_name_en,
        rules.name_zh as recognition_name_zh,
        case when rules.kind != 'longest_series' then measured.role_id else '' end
            as compared_within,
        cast(
            case rules.kind
                when 'best_score' then measured.published_score
                when 'most_improved' then measured.improvement
                when 'longest_series' then coalesce(measured.years_in_series, 0)
            end as decimal(9, 2)
        ) as recognised_value
    from measured
    cross join rules

),

-- A conduct cap of the year leaves the person out, but not out of the count.
compared as (

    select
        *,
        count(recognised_value) over (
            partition by recognition_id, appraisal_year, compared_within
        ) as people_compared,
        max(case when grade_cap_id is null then recognised_value end) over (
            partition by recognition_id, appraisal_year, compared_within
        ) as best_value
    from valued

)

select
    employee_id,
    appraisal_year,
    recognition_id,
    recognition_name_en,
    recognition_name_zh,
    role_id,
    recognised_value,
    people_compared
from compared
where
    grade_cap_id is null
    and recognised_value = best_value
    and recognised_value >= minimum_value
    and people_compared >= minimum_people
