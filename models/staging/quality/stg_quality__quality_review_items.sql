with

base_quality__quality_review_items as (
    select * from {{ ref('base_quality__quality_review_items') }}
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
    from base_quality__quality_review_items
    where row_outcome = 'staged'
)

select * from staged
