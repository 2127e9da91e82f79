with

scorecards as (

    select * from {{ ref('scorecards') }}

)

select
    scorecard_id,
    valid_from,
    valid_to
from scorecards
where
    extract(day from valid_from) != 1
    or extract(day from valid_to) != 1
