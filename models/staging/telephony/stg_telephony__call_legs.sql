with

staged_rows as (
    {{ staged_rows('telephony', 'call_legs') | indent(4) }}
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
    from staged_rows
)

select * from staged
