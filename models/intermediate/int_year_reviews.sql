with

by_relation as (

    select * from {{ ref('int_year_reviews_by_relation') }}

),

-- An absent reviewer gives up the share: the shares are re-spread over those present.
summed as (

    select
        employee_id,
        appraisal_year,
        dimension_id,
        sum(cast(100 * share as decimal(18, 6)) * mean_share_of_scale) as points,
        sum(share) as shares
    from by_relation
    group by employee_id, appraisal_year, dimension_id

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
