with

staged_rows as (
    {{ staged_rows('quality', 'quality_review_items') | indent(4) }}
),

staged as (
    select
        review_id,
        item_id,
        contact_id,
        agent_id,
        reviewer_id,
        calibration_id,

        section,
        contact_type,
        status,

        score,
        max_score,
        weight,

        is_applicable,
        is_fatal,
        is_calibration,

        reviewed_at,
        load_date
    from staged_rows
)

select * from staged
