with

ratings as (

    select * from {{ ref('int_ratings_remedied') }}

),

reviewer_shares as (

    select * from {{ ref('reviewer_shares') }}

),

latest as (

    select
        *,
        {{ divide('score', 'scale_max', 10) }} as share_of_scale
    from ratings
    where period_type = 'year'
    qualify
        row_number() over (
            partition by ratee_id, rater_id, relation, criterion_id, period_start
            order by submitted_at desc, rating_id desc
        ) = 1

),

by_relation as (

    select
        ratee_id as employee_id,
        period_start,
        criterion_id as dimension_id,
        relation,
        sum(share_of_scale) as share_of_scale,
        count(*) as ratings
    from latest
    group by ratee_id, period_start, criterion_id, relation

),

-- An absent reviewer gives up the share: the shares are re-spread over those present.
shared as (

    select
        by_relation.employee_id,
        by_relation.period_start,
        by_relation.dimension_id,
        cast(reviewer_shares.share as decimal(9, 6)) as share,
        cast(
            {{ divide('by_relation.share_of_scale', 'by_relation.ratings', 10) }}
            as decimal(18, 10)
        ) as mean_share_of_scale
    from by_relation
    inner join reviewer_shares
        on
            by_relation.relation = reviewer_shares.relation
            and by_relation.period_start >= reviewer_shares.valid_from
            and (
                reviewer_shares.valid_to is null
                or by_relation.period_start < reviewer_shares.valid_to
            )

),

summed as (

    select
        employee_id,
        cast(extract(year from period_start) as integer) as appraisal_year,
        dimension_id,
        sum(cast(100 * share as decimal(18, 6)) * mean_share_of_scale) as points,
        sum(share) as shares
    from shared
    group by employee_id, cast(extract(year from period_start) as integer), dimension_id

),

scored as (

    select
        employee_id,
        appraisal_year,
        dimension_id,
        cast(
            {{ divide('points', 'shares', 6) }}
            as decimal(18, 6)
        ) as review_score
    from summed

)

select * from scored
