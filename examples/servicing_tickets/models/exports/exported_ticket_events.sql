with

tickets_timed as (

    select * from {{ ref('tickets_timed') }}

),

created as (

    select
        ticket_id || '-1-created' as event_id,
        ticket_id,
        created_at as occurred_at,
        'created' as event_type,
        customer_id as actor_id,
        'customer' as actor_type,
        cast(null as string) as assignee_id,
        'new' as status
    from tickets_timed

),

assigned as (

    select
        ticket_id || '-2-assigned' as event_id,
        ticket_id,
        created_at as occurred_at,
        'assigned' as event_type,
        cast(null as string) as actor_id,
        cast(null as string) as actor_type,
        agent_id as assignee_id,
        'open' as status
    from tickets_timed

),

-- When a ticket was escalated is not known: it shows at its last change.
escalated as (

    select
        ticket_id || '-3-escalated' as event_id,
        ticket_id,
        updated_at as occurred_at,
        'escalated' as event_type,
        agent_id as actor_id,
        'agent' as actor_type,
        agent_id as assignee_id,
        'open' as status
    from tickets_timed
    where escalated = '1' or status = 'Escalated'

),

-- Every ticket has hours to its resolution, also those that are still open: only the
-- resolved and closed ones were solved.
solved as (

    select
        ticket_id || '-4-solved' as event_id,
        ticket_id,
        updated_at as occurred_at,
        'status_changed' as event_type,
        agent_id as actor_id,
        'agent' as actor_type,
        agent_id as assignee_id,
        'solved' as status
    from tickets_timed
    where status in ('Resolved', 'Closed')

),

united as (

    select * from created
    union all
    select * from assigned
    union all
    select * from escalated
    union all
    select * from solved

)

select * from united
