{% set streams = [
    ('ticket_events', 'stg_helpdesk__ticket_events', 'base_helpdesk__ticket_events',
        ['event_id'], "'ticket'", 'ticket_id'),
    ('call_legs', 'stg_telephony__call_legs', 'base_telephony__call_legs',
        ['leg_id'], "'call'", 'call_id'),
    ('survey_responses', 'stg_surveys__survey_responses', 'base_surveys__survey_responses',
        ['response_id'], 'contact_type', 'contact_id'),
    ('quality_review_items', 'stg_quality__quality_review_items',
        'base_quality__quality_review_items', ['review_id', 'item_id'],
        "'quality_review'", 'review_id'),
] %}

with

ticket_versions as (

    select * from {{ ref('base_helpdesk__ticket_versions') }}
    where {{ has_arrived('tickets') if is_night() else 'false' }}

),

{% for export, staged, base, key, record_type, record_id in streams %}
{{ export }} as (

    select * from {{ ref(staged) }}
    where {{ has_arrived(export) if is_night() else 'false' }}

),

superseded_{{ export }} as (

    select * from {{ ref(base) }}
    where row_outcome = 'superseded'

),

{% endfor %}
-- What a row said before it was superseded may have counted for another record.
touched as (

    select
        'ticket' as record_type,
        ticket_id as record_id
    from ticket_versions
    {% for export, staged, base, key, record_type, record_id in streams %}
    union
    select
        {{ record_type }} as record_type,
        {{ record_id }} as record_id
    from {{ export }}
    union
    select
        {{ record_type }} as record_type,
        {{ record_id }} as record_id
    from superseded_{{ export }}
    semi join {{ export }} using ({{ key | join(', ') }})
    {% endfor %}

)

select * from touched
