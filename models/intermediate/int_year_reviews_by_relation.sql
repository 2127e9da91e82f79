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

shared as (

    select
        by_relation.employee_id,
        cast(extract(year from by_relation.period_start) as integer) as appraisal_year,
        by_relation.dimension_id,
        by_relation.relation,
        by_relation.ratings,
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

)

select * from shared
