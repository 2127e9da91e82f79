with

call_legs as (

    select * from {{ ref('stg_telephony__call_legs') }}
    where {{ known_by_as_of('ended_at') }}

),

time_zone_offsets as (

    select * from {{ ref('int_time_zone_offsets') }}

),

credited as (

    select
        call_legs.leg_id,
        call_legs.agent_id as employee_id,
        cast(
            {{ add_seconds('call_legs.ended_at', 'time_zone_offsets.offset_seconds') }}
            as date
        ) as ended_on,
        call_legs.direction = 'inbound' as is_inbound,
        call_legs.outcome in ('answered', 'transferred') as is_answered,
        call_legs.outcome = 'abandoned' as is_abandoned,
        case
            when call_legs.outcome in ('answered', 'transferred')
                then
                    {{ seconds_from_to(
                        'call_legs.offered_at', 'call_legs.answered_at'
                    ) }}
            else {{ seconds_from_to('call_legs.offered_at', 'call_legs.ended_at') }}
        end as wait_seconds,
        call_legs.talk_seconds + call_legs.hold_seconds + call_legs.wrap_seconds
            as handle_seconds,
        call_legs.load_date
    from call_legs
    left join time_zone_offsets
        on
            call_legs.ended_at >= time_zone_offsets.valid_from_at
            and call_legs.ended_at < time_zone_offsets.valid_to_at
    where call_legs.agent_id is not null and call_legs.direction != 'internal'

)

select * from credited
