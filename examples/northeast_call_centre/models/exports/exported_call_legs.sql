with

call_events as (

    select * from {{ source('call_centre', 'call_events') }}

),

typed as (

    select
        *,
        try_strptime(call_start_time, '%d-%m-%y %-H:%M') as started_at,
        try_strptime(call_end_time, '%d-%m-%y %-H:%M') as finished_at,
        try_cast(call_duration_min as decimal(18, 4)) * 60 as duration_seconds
    from call_events

),

-- A contact of any channel is a leg; no wait is known. What cannot be read goes on as
-- it is written, and the contract rejects it.
mapped as (

    select
        call_id as leg_id,
        call_id,
        cast(null as string) as customer_id,
        agent_id,
        call_channel as queue,
        call_reason as topic,
        'inbound' as direction,
        coalesce(cast(started_at as string), call_start_time) as offered_at,
        coalesce(cast(started_at as string), call_start_time) as answered_at,
        coalesce(cast(finished_at as string), call_end_time) as ended_at,
        coalesce(cast(duration_seconds as string), call_duration_min) as talk_seconds,
        '0' as hold_seconds,
        '0' as wrap_seconds,
        'answered' as outcome
    from typed

)

select * from mapped
