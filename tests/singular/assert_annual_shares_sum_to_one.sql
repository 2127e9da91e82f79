with

annual_composition as (

    select * from {{ ref('annual_composition') }}

)

select
    valid_from,
    monthly_share,
    review_share,
    monthly_share + review_share as shares
from annual_composition
where
    monthly_share + review_share != 1
    or monthly_share < 0
    or review_share < 0
    or monthly_share != round(monthly_share, 6)
    or review_share != round(review_share, 6)
