with

annual_dimension_scores as (

    select * from {{ ref('annual_dimension_scores') }}

),

year_ends as (

    select * from {{ ref('int_year_ends') }}

),

scorecards as (

    select * from {{ ref('scorecards') }}

),

reviewer_shares as (

    select * from {{ ref('reviewer_shares') }}

),

reviews as (

    select * from {{ ref('int_year_reviews_by_relation') }}

),

year_reviews as (

    select * from {{ ref('int_year_reviews') }}

),

-- A new version of the role's scorecard asks for the same reviews again.
asked as (

    select
        annual_dimension_scores.employee_id,
        annual_dimension_scores.appraisal_year,
        annual_dimension_scores.dimension_id,
        max(annual_dimension_scores.review_score) as review_score_counted
    from annual_dimension_scores
    inner join year_ends
        on
            annual_dimension_scores.employee_id = year_ends.employee_id
            and annual_dimension_scores.appraisal_year = year_ends.appraisal_year
    inner join scorecards
        on
            annual_dimension_scores.scorecard_id = scorecards.scorecard_id
            and year_ends.year_end_role_id = scorecards.role_id
    group by
        annual_dimension_scores.employee_id,
        annual_dimension_scores.appraisal_year,
        annual_dimension_scores.dimension_id

),

asked_of_each as (

    select
        asked.employee_id,
        asked.appraisal_year,
        asked.dimension_id,
        reviewer_shares.relation,
        cast(reviewer_shares.share as decimal(9, 6)) as share,
        case
            when asked.review_score_counted is not null
                then
                    coalesce(
                        asked.review_score_counted = year_reviews.review_score, false
                    )
        end as is_as_counted
    from asked
    left join year_reviews
        on
            asked.employee_id = year_reviews.employee_id
            and asked.appraisal_year = year_reviews.appraisal_year
            and asked.dimension_id = year_reviews.dimension_id
    inner join reviewer_shares
        on
            make_date(asked.appraisal_year, 1, 1) >= reviewer_shares.valid_from
            and (
                reviewer_shares.valid_to is null
                or make_date(asked.appraisal_year, 1, 1) < reviewer_shares.valid_to
            )

),

present as (

    select
        employee_id,
        appraisal_year,
        dimension_id,
        sum(share) as share
    from reviews
    group by employee_id, appraisal_year, dimension_id

),

answered as (

    select
        asked_of_each.employee_id,
        asked_of_each.appraisal_year,
        asked_of_each.dimension_id,
        asked_of_each.relation,
        asked_of_each.share,
        case
            when reviews.relation is not null
                then
                    cast(
                        {{ divide('asked_of_each.share', 'present.share', 6) }}
                        as decimal(9, 6)
                    )
        end as effective_share,
        coalesce(reviews.ratings, 0) as ratings,
        cast(round(100 * reviews.mean_share_of_scale, 6) as decimal(18, 6))
            as review_score,
        asked_of_each.is_as_counted
    from asked_of_each
    left join reviews
        on
            asked_of_each.employee_id = reviews.employee_id
            and asked_of_each.appraisal_year = reviews.appraisal_year
            and asked_of_each.dimension_id = reviews.dimension_id
            and asked_of_each.relation = reviews.relation
    left join present
        on
            asked_of_each.employee_id = present.employee_id
            and asked_of_each.appraisal_year = present.appraisal_year
            and asked_of_each.dimension_id = present.dimension_id

)

select * from answered
