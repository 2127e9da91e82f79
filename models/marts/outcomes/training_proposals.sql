with

gaps as (

    select * from {{ ref('annual_strengths_and_gaps') }}
    where assessment = 'gap'

),

training_courses as (

    select * from {{ ref('training_courses') }}

),

-- A course is proposed once, for the metric that costs most.
proposed as (

    select
        gaps.*,
        training_courses.course_id,
        training_courses.name_en as course_name_en,
        training_courses.name_zh as course_name_zh
    from gaps
    inner join training_courses on gaps.metric_id = training_courses.metric_id
    qualify
        row_number() over (
            partition by
                gaps.employee_id, gaps.appraisal_year, training_courses.course_id
            order by gaps.rank_by_points_lost
        ) = 1

),

ranked as (

    select
        *,
        row_number() over (
            partition by employee_id, appraisal_year
            order by rank_by_points_lost, course_id
        ) as course_rank
    from proposed

)

select
    employee_id,
    appraisal_year,
    course_id,
    course_name_en,
    course_name_zh,
    metric_id,
    mean_metric_score,
    points_lost,
    cast(course_rank as bigint) as course_rank
from ranked
