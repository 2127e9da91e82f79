-- depends_on: {{ ref('int_records_touched') }}
-- What they counted for until now is noted before they are replaced.
-- depends_on: {{ ref('int_months_touched') }}
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
        case
            when direction = 'inbound'
                then {{ subject_key('customer_id', 'topic') }}
        end as subject_key,
        {{ packed(['offered_at', 'leg_id']) }} as offered_moment,
        {{ packed(['answered_at', 'leg_id']) }} as answered_moment
    from call_legs
    where {{ known_by_as_of('ended_at') }}

),

-- The empty text stands for nobody, because aggregates pass over a null.
summed_calls as (

    select
        call_id,
        min_by({{ packed(['subject_key', 'offered_at']) }}, offered_moment)
            as first_leg,
        max(ended_at) as ended_at,
        min_by(handler_id, answered_moment) filter (where is_answered)
            as first_handled_by
    from judged_legs
    group by call_id

),

-- Without an answered leg, a call is no contact.
united as (

    select
        'ticket' as contact_type,
        ticket_id as contact_id,
        subject_key,
        created_at as started_at,
        last_solved_at as ended_at,
        coalesce(first_replied_by, last_solved_by) as first_handled_by,
        first_reopened_at
    from tickets
    union all
    select
        'call' as contact_type,
        call_id as contact_id,
        first_leg['subject_key'] as subject_key,
        first_leg['offered_at'] as started_at,
        ended_at,
        nullif(first_handled_by, '') as first_handled_by,
        cast(null as timestamp) as first_reopened_at
    from summed_calls
    where first_handled_by is not null

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

    select subject_key from localised
    union
    select subject_key from {{ this }}
    semi join records_touched on
        contact_type = record_type and contact_id = record_id

),

neighbours as (

    select * from {{ this }}
    semi join subjects_touched using (subject_key)
    anti join records_touched on
        contact_type = record_type and contact_id = record_id

),

{% endif %}
-- A contact that has no subject stands alone.
to_match as (

    select
        *,
        coalesce(subject_key, {{ row_key(['contact_id']) }}) as match_key
    from localised
    {% if is_incremental() %}
    union all
    select
        contact_type,
        contact_id,
        subject_key,
        started_at,
        ended_at,
        first_handled_by,
        first_reopened_at,
        started_on,
        subject_key as match_key
    from neighbours
    {% endif %}

),

neighboured as (

    select
        contact_type,
        contact_id,
        subject_key,
        started_at,
        started_on,
        ended_at,
        first_handled_by,
        first_reopened_at,
        lag(started_at) over (
            partition by match_key order by started_at, contact_type, contact_id
        ) as previous_started_at,
        lead(started_at) over (
            partition by match_key order by started_at, contact_type, contact_id
        ) as next_started_at
    from to_match

)

select
    contact_type,
    contact_id,
    subject_key,
    started_at,
    started_on,
    ended_at,
    first_handled_by,
    first_reopened_at,
    case when subject_key is not null then previous_started_at end
        as previous_contact_at,
    case when subject_key is not null then next_started_at end as next_contact_at
from neighboured
