{#-
    Months that are closed enter the year with the scorecard that they were published with: its
    row stays in `scorecards`, with a `valid_to` where another one follows.
-#}
with

scores as (

    select * from {{ source('published', 'scores') }}

),

versions as (

    select * from {{ source('published', 'versions') }}

),

published as (

    select
        scores.scorecard_id,
        scores.role_id,
        min(scores.period_start) as first_published_month,
        max(scores.period_start) as last_published_month
    from scores
    semi join versions on scores.build_id = versions.build_id
    where scores.period_type = 'month' and scores.level = 'scorecard'
    group by scores.scorecard_id, scores.role_id

),

scorecards as (

    select * from {{ ref('scorecards') }}

)

select
    published.*,
    scorecards.role_id as role_id_now
from published
left join scorecards on published.scorecard_id = scorecards.scorecard_id
where published.role_id is distinct from scorecards.role_id
