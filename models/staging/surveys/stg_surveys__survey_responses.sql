with

base_surveys__survey_responses as (
    select * from {{ ref('base_surveys__survey_responses') }}
),

staged as (
    select
        response_id,
        contact_id,

        survey_type,
        contact_type,

        score,
        scale_min,
        scale_max,

        sent_at,
        responded_at,
        updated_at,
        load_date
    from base_surveys__survey_responses
    where row_outcome = 'staged'
)

select * from staged
