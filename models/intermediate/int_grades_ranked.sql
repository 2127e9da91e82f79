with

year_scorecards as (

    select * from {{ ref('int_year_scorecards_standing') }}

),

grade_bands as (

    select * from {{ ref('grade_bands') }}

),

grade_outcomes as (

    select * from {{ ref('grade_outcomes') }}

),

years as (

    select distinct
        appraisal_year,
        make_date(appraisal_year, 12, 31) as year_end
    from year_scorecards

),

ranked as (

    select
        years.appraisal_year,
        grade_bands.grade_id,
        row_number() over (
            partition by years.appraisal_year order by grade_bands.lower_bound desc
        ) as grade_place,
        grade_outcomes.bonus_coefficient,
        grade_outcomes.counts_for_promotion,
        grade_outcomes.needs_improvement_plan
    from years
    inner join grade_bands
        on
            years.year_end >= grade_bands.valid_from
            and coalesce(years.year_end < grade_bands.valid_to, true)
    left join grade_outcomes
        on
            grade_bands.grade_id = grade_outcomes.grade_id
            and years.year_end >= grade_outcomes.valid_from
            and coalesce(years.year_end < grade_outcomes.valid_to, true)

)

select * from ranked
