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

remedies as (

    select
        record_type,
        record_id,
        {{ remedy_text() }} as fingerprint
    from {{ ref('int_remedies_granted') }}

),

{% if is_night() %}
remedies_built as (

    select * from {{ state_relation() }}
    where subject = 'remedy'

),

-- What an objection changed since the last build, or no longer changes.
remedies_changed as (

    select
        coalesce(remedies.record_type, remedies_built.name) as record_type,
        coalesce(remedies.record_id, remedies_built.part) as record_id
    from remedies
    full outer join remedies_built
        on
            remedies.record_type = remedies_built.name
            and remedies.record_id = remedies_built.part
    where remedies.fingerprint is distinct from remedies_built.fingerprint

),
{% else %}
remedies_changed as (

    select
        record_type,
        record_id
    from remedies
    where false

),
{% endif %}

all_responses as (

    select * from {{ ref('stg_surveys__survey_responses') }}

),

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
    union
    select
        record_type,
        record_id
    from remedies_changed
    where record_type in ('ticket', 'quality_review')
    union
    select
        all_responses.contact_type as record_type,
        all_responses.contact_id as record_id
    from all_responses
    inner join remedies_changed
        on all_responses.response_id = remedies_changed.record_id
    where remedies_changed.record_type = 'survey_response'
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
