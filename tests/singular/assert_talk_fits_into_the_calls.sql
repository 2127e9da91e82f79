{#- Milliseconds would give everybody an absurd handle time, and one like another. -#}
with

call_legs as (

    select * from {{ ref('stg_telephony__call_legs') }}
    where {{ is_of_this_night('call_legs') }}

),

timed as (

    select
        talk_seconds + hold_seconds as spoken_seconds,
        {{ seconds_from_to('answered_at', 'ended_at') }} as connected_seconds
    from call_legs
    where outcome in ('answered', 'transferred')

),

summed as (

    select
        'call_legs' as table_name,
        sum(spoken_seconds) as spoken_seconds,
        sum(connected_seconds) as connected_seconds
    from timed

)

-- Single legs may be rounded, and stamped a little off.
select * from summed
where spoken_seconds > 2 * connected_seconds
