with

base_helpdesk__ticket_events as (
    select * from {{ ref('base_helpdesk__ticket_events') }}
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
    from base_helpdesk__ticket_events
    where row_outcome = 'staged'
)

select * from staged
