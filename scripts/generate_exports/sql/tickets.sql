-- What happens to a ticket, in this order (seconds; null where it never happens): arrived, held by
-- an agent, replied to, worked on, solved, reopened, solved again or closed.
create or replace table ticket_courses as
with
worked as (
    select
        *,
        'T' || (100000000 + sequence) as ticket_id,
        draw(contact, 'complaint') < 0.04 as is_complaint,
        if(is_slow, 4, 1) as slowness,
        if(
            draw(contact, 'assigned') < 0.15,
            arrived_s + one_of([0, 0, 40, 500], contact, 'queued'),
            null
        ) as assigned_s,
        if(draw(contact, 'bot') < 0.04, arrived_s + 2, null) as bot_replied_s,
        coalesce(assigned_s, arrived_s) as held_s,
        least(
            lasting(slowness * (700 + 14000 * pow(1 - agent.speed, 2)), contact, 'reply'),
            slowness * 86400
        ) as waited,
        if(draw(contact, 'replied') < 0.87, held_s + 30 + waited, null) as replied_s,
        coalesce(replied_s, held_s) as first_worked_s,
        if(draw(contact, 'noted') < 0.04, first_worked_s + 45, null) as noted_s,
        if(
            draw(contact, 'customer replied') < 0.05,
            replied_s + whole(contact, 'customer reply', 60, 3600),
            null
        ) as customer_replied_s,
        if(
            draw(contact, 'escalated') < 0.01 + if(is_complaint, 0.3, 0.02) * (1 - agent.knowledge),
            first_worked_s + whole(contact, 'escalation', 60, 3000),
            null
        ) as escalated_s,
        greatest(first_worked_s, noted_s, customer_replied_s, escalated_s) as worked_s
    from contacts
    where is_ticket
),

solved as (
    select
        *,
        case
            when draw(contact, 'solved') >= 0.8 then null
            when is_slow then worked_s + cast(pow(draw(contact, 'solving'), 2) * 950000 as bigint)
            when draw(contact, 'at once') < 0.35 then worked_s
            else
                worked_s + 60 + cast(
                    pow(draw(contact, 'solving'), 4) * 110000 * (1.3 - agent.knowledge) as bigint
                )
        end as solved_s
    from worked
)

select
    *,
    if(
        draw(contact, 'reopened') < 0.02 + 0.08 * (1 - agent.knowledge),
        solved_s + 600
        + cast(pow(draw(contact, 'reopening'), 2) * if(is_slow, 700000, 40000) as bigint),
        null
    ) as reopened_s,
    if(
        draw(contact, 'solved again') < 0.8,
        reopened_s + 900
        + cast(pow(draw(contact, 'solving again'), 2) * if(is_slow, 250000, 20000) as bigint),
        null
    ) as solved_again_s,
    if(is_slow and reopened_s is null and draw(contact, 'closed') < 0.5, solved_s + 4 * 86400, null)
        as closed_s,
    if(is_slow and draw(contact, 'landed late') < 0.1, whole(contact, 'nights late', 1, 3), 0)
        as late_days
from solved;

-- A ticket comes once for each day that touched it, as it stood at that day's end.
create or replace view tickets as
with
moments as (
    select
        *, arrived_s as moment_s, 'new' as status,
        if(worked_s > arrived_s, worked_s, solved_s) as next_s
    from ticket_courses
    union all
    select *, worked_s, if(replied_s is null, 'open', 'pending'), solved_s
    from ticket_courses
    where worked_s > arrived_s
    union all
    select *, solved_s, 'solved', coalesce(reopened_s, closed_s) from ticket_courses
    union all
    select *, reopened_s, 'open', solved_again_s from ticket_courses
    union all
    select *, solved_again_s, 'solved', null from ticket_courses
    union all
    select *, closed_s, 'closed', null from ticket_courses
)

select
    ticket_id,
    customer_id,
    one_of(['email', 'email', 'chat', 'chat', 'web', 'app'], contact, 'channel') as channel,
    topic,
    one_of(['low', 'normal', 'normal', 'normal', 'high'], contact, 'priority') as priority,
    is_complaint,
    status,
    instant(arrived_s) as created_at,
    instant(moment_s) as updated_at
from moments
where
    in_slice(day_of(moment_s) + late_days)
    and (next_s is null or day_of(next_s) > day_of(moment_s));

-- Numbered in the order in which they follow from each other. A few solvings come again some
-- nights later, credited to somebody else.
create or replace view ticket_events as
with
courses as (
    select *, agent.employee_id as agent_id, other.employee_id as other_id
    from ticket_courses
),

happened as (
    select
        *, 1 as event, arrived_s as event_s, 'created' as event_type, customer_id as actor_id,
        'customer' as actor_type, 'new' as status,
        case
            when assigned_s is null then agent_id
            when assigned_s > arrived_s then other_id
        end as assignee_id
    from courses
    union all
    select *, 2, assigned_s, 'assigned', 'bot1', 'bot', 'open', agent_id from courses
    union all
    select
        *, 3, bot_replied_s, 'replied', 'bot1', 'bot', 'open',
        if(assigned_s >= bot_replied_s, other_id, agent_id)
    from courses
    union all
    select *, 4, replied_s, 'replied', agent_id, 'agent', 'pending', agent_id from courses
    union all
    select *, 5, noted_s, 'noted', other_id, 'agent', 'open', agent_id from courses
    union all
    select *, 6, customer_replied_s, 'replied', customer_id, 'customer', 'open', agent_id
    from courses
    union all
    select *, 7, escalated_s, 'escalated', agent_id, 'agent', 'open', agent_id from courses
    union all
    select *, 8, solved_s, 'status_changed', agent_id, 'agent', 'solved', agent_id from courses
    union all
    select *, 9, reopened_s, 'reopened', customer_id, 'customer', 'open', agent_id from courses
    union all
    select *, 10, solved_again_s, 'status_changed', agent_id, 'agent', 'solved', agent_id
    from courses
    union all
    select *, 11, closed_s, 'status_changed', 'bot1', 'bot', 'closed', agent_id from courses
),

landed as (
    select
        *,
        day_of(event_s) + late_days as landed_on,
        if(
            is_slow and event = 8 and draw(contact, 'credited anew') < 0.1,
            landed_on + whole(contact, 'nights to credit', 1, 5),
            null
        ) as corrected_on
    from happened
)

select
    'E' || (100000000 + sequence) * 16 + event as event_id,
    ticket_id,
    instant(event_s) as occurred_at,
    event_type,
    actor_id,
    actor_type,
    if(in_slice(corrected_on), other_id, assignee_id) as assignee_id,
    status
from landed
where in_slice(landed_on) or in_slice(corrected_on);
