with

monthly_scorecards as (

    select * from {{ ref('int_month_scorecards_computed') }}

),

annual_scorecards as (

    select * from {{ ref('int_year_scorecards_computed') }}

),

grade_bands as (

    select * from {{ ref('grade_bands') }}

),

-- A month is graded by the bands of its first day, a year by those of its last.
scored as (

    select
        'monthly_scorecards' as table_name,
        employee_id,
        month_start as graded_on,
        scorecard_id,
        monthly_score as score,
        published_score,
        grade_id
    from monthly_scorecards
    union all
    select
        'annual_scorecards' as table_name,
        employee_id,
        cast(cast(appraisal_year as string) || '-12-31' as date) as graded_on,
        cast(null as string) as scorecard_id,
        annual_score as score,
        published_score,
        grade_id
    from annual_scorecards

)

select
    scored.table_name,
    scored.employee_id,
    scored.graded_on,
    scored.scorecard_id,
    scored.score,
    scored.published_score,
    scored.grade_id,
    grade_bands.lower_bound,
    grade_bands.upper_bound
from scored
left join grade_bands
    on
        scored.grade_id = grade_bands.grade_id
        and scored.graded_on >= grade_bands.valid_from
        and (
            grade_bands.valid_to is null or scored.graded_on < grade_bands.valid_to
        )
where
    scored.published_score is distinct from round(scored.score, 2)
    or (scored.published_score is null) != (scored.grade_id is null)
    or (scored.grade_id is not null and grade_bands.grade_id is null)
    or scored.published_score < grade_bands.lower_bound
    or scored.published_score >= grade_bands.upper_bound
