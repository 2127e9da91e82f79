with

dimensions_scored as (

    select
        *,
        scored_weight > 0 as is_scored
    from {{ ref('int_month_dimensions_standing') }}

),

year_ends as (

    select * from {{ ref('int_year_ends') }}

),

month_scorecards as (

    select * from {{ ref('int_month_scorecards_standing') }}

),

year_reviews as (

    select * from {{ ref('int_year_reviews') }}

),

annual_composition as (

    select * from {{ ref('annual_composition') }}

),

scorecards_summed as (

    select
        employee_id,
        cast(extract(year from month_start) as integer) as appraisal_year,
        scorecard_id,
        max_by(role_id, month_start) as role_id,
        sum(eligible_days) as eligible_days
    from month_scorecards
    group by
        employee_id,
        cast(extract(year from month_start) as integer),
        scorecard_id

),

-- Closed months may hold another weight of the dimension: the year takes the last one.
dimensions_summed as (

    select
        employee_id,
        cast(date_trunc('year', month_start) as date) as year_start,
        cast(extract(year from month_start) as integer) as appraisal_year,
        scorecard_id,
        dimension_id,
        max_by(dimension_weight, month_start) as dimension_weight,
        sum(eligible_days) as appraised_days,
        coalesce(sum(eligible_days) filter (where is_scored), 0) as scored_days,
        sum(eligible_days * cast(weight_covered as decimal(18, 6))) as covered_days
    from dimensions_scored
    where is_appraised
    group by
        employee_id,
        cast(date_trunc('year', month_start) as date),
        cast(extract(year from month_start) as integer),
        scorecard_id,
        dimension_id

),

summed as (

    select
        dimensions_summed.*,
        scorecards_summed.role_id,
        scorecards_summed.eligible_days
    from dimensions_summed
    inner join scorecards_summed
        on
            dimensions_summed.employee_id = scorecards_summed.employee_id
            and dimensions_summed.appraisal_year = scorecards_summed.appraisal_year
            and dimensions_summed.scorecard_id = scorecards_summed.scorecard_id

),

-- A dimension without a scored month, and a scorecard without one, give up their parts.
spread as (

    select
        summed.*,
        sum(
            case when summed.scored_days > 0 then summed.dimension_weight else 0 end
        ) over (
            partition by summed.employee_id, summed.appraisal_year, summed.scorecard_id
        ) as scored_dimension_weight,
        max(case when summed.scored_days > 0 then 1 else 0 end) over (
            partition by summed.employee_id, summed.appraisal_year, summed.scorecard_id
        ) = 1 as is_scored_scorecard,
        row_number() over (
            partition by summed.employee_id, summed.appraisal_year, summed.scorecard_id
            order by summed.dimension_id
        ) as place
    from summed

),

totalled as (

    select
        *,
        sum(
            case when place = 1 and is_scored_scorecard then eligible_days else 0 end
        ) over (partition by employee_id, appraisal_year) as scored_scorecards_days
    from spread

),

composed as (

    select
        totalled.employee_id,
        totalled.appraisal_year,
        totalled.scorecard_id,
        totalled.dimension_id,
        totalled.eligible_days,
        totalled.appraised_days,
        totalled.scored_days,
        totalled.scored_days > 0 as is_scored,
        totalled.covered_days,
        totalled.dimension_weight,
        cast(totalled.scored_dimension_weight as decimal(9, 6))
            as scored_dimension_weight,
        totalled.scored_scorecards_days,
        case when totalled.scored_days > 0 then year_reviews.review_score end
            as review_score,
        case
            when year_reviews.review_score is null then cast(1 as decimal(9, 6))
            else cast(annual_composition.monthly_share as decimal(9, 6))
        end as monthly_share,
        case
            when year_reviews.review_score is null then cast(0 as decimal(9, 6))
            else cast(annual_composition.review_share as decimal(9, 6))
        end as review_share
    from totalled
    left join year_ends
        on
            totalled.employee_id = year_ends.employee_id
            and totalled.appraisal_year = year_ends.appraisal_year
            and totalled.role_id = year_ends.year_end_role_id
    left join year_reviews
        on
            year_ends.employee_id = year_reviews.employee_id
            and year_ends.appraisal_year = year_reviews.appraisal_year
            and totalled.dimension_id = year_reviews.dimension_id
    inner join annual_composition
        on
            totalled.year_start >= annual_composition.valid_from
            and (
                annual_composition.valid_to is null
                or totalled.year_start < annual_composition.valid_to
            )
    where totalled.is_scored_scorecard

)

select * from composed
{{ of_the_periods_to_build() }}
