with

base_telephony__call_legs as (
    select * from {{ ref('base_telephony__call_legs') }}
),

staged as (
    select
        leg_id,
        call_id,
        customer_id,
        agent_id,

        queue,
        topic,
        direction,
        outcome,

        talk_seconds,
        hold_seconds,
        wrap_seconds,

        offered_at,
        answered_at,
        ended_at,
        load_date
    from base_telephony__call_legs
    where row_outcome = 'staged'
)

select * from staged
