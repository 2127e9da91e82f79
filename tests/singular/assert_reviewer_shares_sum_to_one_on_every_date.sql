with

reviewer_shares as (

    select * from {{ ref('reviewer_shares') }}

),

scorecards as (

    select * from {{ ref('scorecards') }}

),

-- Between two of these dates nothing changes. A year has the shares of its start.
dates as (

    select valid_from as valid_on from reviewer_shares
    union
    select valid_to as valid_on from reviewer_shares
    where valid_to is not null
    union
    select cast(date_trunc('year', valid_from) as date) as valid_on from scorecards

),

summed as (

    select
        dates.valid_on,
        count(reviewer_shares.relation) as relations,
        sum(reviewer_shares.share) as shares,
        min(reviewer_shares.share) as smallest_share,
        count(*) filter (
            where reviewer_shares.share != round(reviewer_shares.share, 6)
        ) as shares_of_more_than_6_places
    from dates
    left join reviewer_shares
        on
            dates.valid_on >= reviewer_shares.valid_from
            and (
                reviewer_shares.valid_to is null
                or dates.valid_on < reviewer_shares.valid_to
            )
    group by dates.valid_on

)

select * from summed
where
    shares is null
    or shares != 1
    or smallest_share <= 0
    or shares_of_more_than_6_places > 0
