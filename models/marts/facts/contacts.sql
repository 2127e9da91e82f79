with

tickets as (

    select * from {{ ref('int_tickets_credited') }}

),

call_legs as (

    select * from {{ ref('stg_telephony__call_legs') }}
    where {{ known_by_as_of('ended_at') }}

),

time_zone_offsets as (

    select * from {{ ref('int_time_zone_offsets') }}

),

parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

judged_legs as (

    select
        *,
        outcome in ('answered', 'transferred') as is_answered,
        coalesce(agent_id, '') as handler_id,
        (answered_at, leg_id) as answered_moment
    from call_legs

),

-- The empty text stands for nobody, because aggregates pass over a null.
calls as (

    select
        call_id,
        nullif(min_by(coalesce(customer_id, ''), (offered_at, leg_id)), '')
            as customer_id,
        nullif(min_by(coalesce(topic, ''), (offered_at, leg_id)), '') as topic,
        min_by(direction, (offered_at, leg_id)) as direction,
        min(offered_at) as started_at,
        max(ended_at) as ended_at,
        min_by(handler_id, answered_moment) filter (where is_answered)
            as first_handled_by,
        count(*) filter (where is_answered) as answered_legs
    from judged_legs
    group by call_id

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
        started_at,
        ended_at,
        nullif(first_handled_by, '') as first_handled_by,
        cast(null as timestamp) as first_reopened_at,
        customer_id is not null and topic is not null and direction = 'inbound'
            as is_matchable
    from calls
    where answered_legs > 0

),

-- Contacts that cannot be matched stand in partitions of their own.
neighboured as (

    select
        *,
        lag(started_at) over (
            partition by
                is_matchable,
                customer_id,
                topic,
                case when not is_matchable then contact_type || contact_id end
            order by started_at, contact_type, contact_id
        ) as previous_contact_at,
        lead(started_at) over (
            partition by
                is_matchable,
                customer_id,
                topic,
                case when not is_matchable then contact_type || contact_id end
            order by started_at, contact_type, contact_id
        ) as next_contact_at
    from united

),

windowed as (

    select
        neighboured.*,
        as_of.as_of_at,
        {{ add_seconds(
            'neighboured.started_at', 'parameters.first_contact_window_days * 86400'
        ) }} as window_ends_at,
        {{ add_seconds(
            'neighboured.started_at', 'parameters.first_contact_window_days * -86400'
        ) }} as window_starts_at
    from neighboured
    cross join parameters
    cross join as_of

),

resolved as (

    select
        windowed.contact_type,
        windowed.contact_id,
        windowed.channel,
        windowed.customer_id,
        windowed.topic,
        windowed.started_at,
        cast(
            {{ add_seconds('windowed.started_at', 'time_zone_offsets.offset_seconds') }}
            as date
        ) as started_on,
        windowed.ended_at,
        windowed.first_handled_by,
        windowed.previous_contact_at,
        windowed.next_contact_at,
        windowed.is_matchable
        and coalesce(windowed.previous_contact_at < windowed.window_starts_at, true)
            as is_first_contact,
        windowed.window_ends_at <= windowed.as_of_at as is_matured,
        coalesce(windowed.next_contact_at > windowed.window_ends_at, true)
        and coalesce(windowed.first_reopened_at > windowed.window_ends_at, true)
            as is_resolved
    from windowed
    left join time_zone_offsets
        on
            windowed.started_at >= time_zone_offsets.valid_from_at
            and windowed.started_at < time_zone_offsets.valid_to_at

)

select * from resolved
