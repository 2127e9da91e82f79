with

staged_rows as (
    {{ staged_rows('helpdesk', 'ticket_events') | indent(4) }}
),

staged as (
    select
        event_id,
        ticket_id,
        actor_id,
        assignee_id,

        event_type,
        actor_type,
        status,

        occurred_at,
        load_date
    from staged_rows
)

select * from staged
