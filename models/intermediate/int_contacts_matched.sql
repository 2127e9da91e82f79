-- depends_on: {{ ref('int_records_touched') }}
with

{% if is_incremental() %}
records_touched as (

    select * from {{ ref('int_records_touched') }}

),

{% endif %}
tickets as (

    select * from {{ ref('int_tickets_credited') }}
    {% if is_incremental() %}
    semi join records_touched on ticket_id = record_id and record_type = 'ticket'
    {% endif %}

),

call_legs as (

    select * from {{ ref('stg_telephony__call_legs') }}
    {% if is_incremental() %}
    semi join records_touched on call_id = record_id and record_type = 'call'
    {% endif %}

),

time_zone_offsets as (

    select * from {{ ref('int_time_zone_offsets') }}

),

judged_legs as (

    select
        *,
        outcome in ('answered', 'transferred') as is_answered,
        coalesce(agent_id, '') as handler_id,
        {{ packed(['offered_at', 'leg_id']) }} as offered_moment,
        {{ packed(['answered_at', 'leg_id']) }} as answered_moment
    from call_legs
    where {{ known_by_as_of('ended_at') }}

),

-- The empty text stands for nobody, because aggregates pass over a null.
summed_calls as (

    select
        call_id,
        min_by(
            {{ packed(['customer_id', 'topic', 'direction', 'offered_at']) }},
            offered_moment
        ) as first_leg,
        max(ended_at) as ended_at,
        min_by(handler_id, answered_moment) filter (where is_answered)
            as first_handled_by
    from judged_legs
    group by call_id

),

-- Without an answered leg, a call is no contact.
calls as (

    select
        call_id,
        first_leg['customer_id'] as customer_id,
        first_leg['topic'] as topic,
        first_leg['direction'] as direction,
        first_leg['offered_at'] as offered_at,
        ended_at,
        nullif(first_handled_by, '') as first_handled_by
    from summed_calls
    where first_handled_by is not null

),

united as (

    select
        'ticket' as contact_type,
        ticket_id as contact_id,
        channel,
        customer_id,
        topic,
        created_at as started_at,
        last_solved_at as ended_at,
        coalesce(first_replied_by, last_solved_by) as first_handled_by,
        first_reopened_at,
        customer_id is not null and topic is not null as is_matchable
    from tickets
    union all
    select
        'call' as contact_type,
        call_id as contact_id,
        direction as channel,
        customer_id,
        topic,
        offered_at as started_at,
        ended_at,
        first_handled_by,
        cast(null as timestamp) as first_reopened_at,
        customer_id is not null and topic is not null and direction = 'inbound'
            as is_matchable
    from calls

),

localised as (

    select
        united.*,
        cast(
            {{ add_seconds('united.started_at', 'time_zone_offsets.offset_seconds') }}
            as date
        ) as started_on
    from united
    left join time_zone_offsets
        on
            united.started_at >= time_zone_offsets.valid_from_at
            and united.started_at < time_zone_offsets.valid_to_at

),

{% if is_incremental() %}
subjects_touched as (

    select
        customer_id,
        topic
    from localised
    where is_matchable
    union
    select
        customer_id,
        topic
    from {{ this }}
    semi join records_touched on
        contact_type = record_type and contact_id = record_id
    where is_matchable

),

neighbours as (

    select * from {{ this }}
    semi join subjects_touched using (customer_id, topic)
    anti join records_touched on
        contact_type = record_type and contact_id = record_id
    where is_matchable

),

{% endif %}
matchable as (

    select
        contact_type,
        contact_id,
        channel,
        customer_id,
        topic,
        started_at,
        started_on,
        ended_at,
        first_handled_by,
        first_reopened_at
    from localised
    where is_matchable
    {% if is_incremental() %}
    union all
    select
        contact_type,
        contact_id,
        channel,
        customer_id,
        topic,
        started_at,
        started_on,
        ended_at,
        first_handled_by,
        first_reopened_at
    from neighbours
    {% endif %}

),

-- The window carries one number instead of two texts.
keyed as (

    select
        *,
        {{ row_key(['customer_id', 'topic']) }} as subject_key
    from matchable

),

neighboured as (

    select
        contact_type,
        contact_id,
        channel,
        customer_id,
        topic,
        started_at,
        started_on,
        ended_at,
        first_handled_by,
        first_reopened_at,
        true as is_matchable,
        lag(started_at) over (
            partition by subject_key
            order by started_at, contact_type, contact_id
        ) as previous_contact_at,
        lead(started_at) over (
            partition by subject_key
            order by started_at, contact_type, contact_id
        ) as next_contact_at
    from keyed
    union all
    select
        contact_type,
        contact_id,
        channel,
        customer_id,
        topic,
        started_at,
        started_on,
        ended_at,
        first_handled_by,
        first_reopened_at,
        false as is_matchable,
        cast(null as timestamp) as previous_contact_at,
        cast(null as timestamp) as next_contact_at
    from localised
    where not is_matchable

)

select * from neighboured
