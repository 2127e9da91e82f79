with

ratings as (

    select * from {{ ref('stg_appraisal__ratings') }}
    where {{ known_by_as_of('submitted_at') }}

),

remedies as (

    select * from {{ ref('int_remedies_granted') }}
    where record_type = 'rating'

),

remedied as (

    select
        ratings.rating_id,
        ratings.ratee_id,
        ratings.rater_id,
        ratings.relation,
        ratings.period_type,
        ratings.period_start,
        ratings.criterion_id,
        coalesce(remedies.replacement_score, ratings.score) as score,
        ratings.scale_max,
        ratings.submitted_at
    from ratings
    left join remedies on ratings.rating_id = remedies.record_id
    where coalesce(remedies.remedy != 'void', true)

)

select * from remedied
