{#- A record that a later one superseded has been there, too: now never goes back. -#}
{% set exports = [
    ('tickets', 'base_helpdesk__ticket_versions', none, 'updated_at'),
    ('ticket_events', 'stg_helpdesk__ticket_events', 'base_helpdesk__ticket_events',
        'occurred_at'),
    ('call_legs', 'stg_telephony__call_legs', 'base_telephony__call_legs', 'ended_at'),
    ('survey_responses', 'stg_surveys__survey_responses',
        'base_surveys__survey_responses', 'greatest(updated_at, responded_at)'),
    ('quality_review_items', 'stg_quality__quality_review_items',
        'base_quality__quality_review_items', 'reviewed_at'),
] %}

with

{% for export, staged, base, instant in exports %}
{{ export }} as (

    select
        load_date,
        {{ instant }} as recorded_at
    from {{ ref(staged) }}
    {% if is_incremental() %}where {{ has_arrived(export) }}{% endif %}

    {% if base %}
    union all
    select
        load_date,
        {{ instant }} as recorded_at
    from {{ ref(base) }}
    where
        row_outcome = 'superseded'
        {% if is_incremental() %}and {{ has_arrived(export) }}{% endif %}

    {% endif %}
),

{% endfor %}
counted as (

    {% for export, staged, base, instant in exports %}
    select
        '{{ export }}' as table_name,
        load_date,
        cast(recorded_at as date) as recorded_on,
        count(*) as row_count,
        max(recorded_at) as newest_at
    from {{ export }}
    group by load_date, cast(recorded_at as date)
    {% if not loop.last %}union all{% endif %}

    {% endfor %}
)

select * from counted
