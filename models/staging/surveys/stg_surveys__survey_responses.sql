with

staged_rows as (
    {{ staged_rows('surveys', 'survey_responses') | indent(4) }}
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
    from staged_rows
)

select * from staged
