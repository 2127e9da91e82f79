with

base_appraisal__ratings as (
    select * from {{ ref('base_appraisal__ratings') }}
),

staged as (
    select
        rating_id,
        ratee_id,
        rater_id,
        criterion_id,

        relation,
        period_type,

        score,
        scale_max,

        period_start,
        submitted_at,
        load_date
    from base_appraisal__ratings
    where row_outcome = 'staged'
)

select * from staged
