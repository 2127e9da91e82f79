{#- A record that a later one superseded has been there, too: now never goes back. -#}
{% set answered = 'greatest(updated_at, responded_at)' %}
{% set rows_of = [
    ('tickets', 'base_helpdesk__ticket_versions', 'updated_at', 'true'),
    ('ticket_events', 'stg_helpdesk__ticket_events', 'occurred_at', 'true'),
    ('call_legs', 'stg_telephony__call_legs', 'ended_at', 'true'),
    ('survey_responses', 'stg_surveys__survey_responses', answered, 'true'),
    ('quality_review_items', 'stg_quality__quality_review_items', 'reviewed_at',
        'true'),
    ('ticket_events', 'base_helpdesk__ticket_events', 'occurred_at',
        "row_outcome = 'superseded'"),
    ('call_legs', 'base_telephony__call_legs', 'ended_at',
        "row_outcome = 'superseded'"),
    ('survey_responses', 'base_surveys__survey_responses', answered,
        "row_outcome = 'superseded'"),
    ('quality_review_items', 'base_quality__quality_review_items', 'reviewed_at',
        "row_outcome = 'superseded'"),
] %}

with

recorded as (

    {% for export, model, instant, condition in rows_of %}
    select
        '{{ export }}' as table_name,
        load_date,
        {{ instant }} as recorded_at
    from {{ ref(model) }}
    where {{ condition }}{{ ' and ' ~ has_arrived(export) if is_incremental() }}
    {% if not loop.last %}union all{% endif %}

    {% endfor %}
),

counted as (

    select
        table_name,
        load_date,
        cast(recorded_at as date) as recorded_on,
        count(*) as row_count,
        max(recorded_at) as newest_at
    from recorded
    group by table_name, load_date, cast(recorded_at as date)

)

select * from counted
