-- When within a day the share of its contacts has arrived: most come in office hours.
create or replace macro arrival_second(share) as cast(
    case
        when share < 0.02 then share / 0.02 * 25200
        when share < 0.12 then 25200 + (share - 0.02) / 0.10 * 7200
        when share < 0.80 then 32400 + (share - 0.12) / 0.68 * 32400
        when share < 0.96 then 64800 + (share - 0.80) / 0.16 * 14400
        else 79200 + (share - 0.96) / 0.04 * 7200
    end as bigint
);

-- The tickets and calls to which something can still happen in the slice: the recent ones, and
-- of older ones those that go slowly, are asked about, or are reviewed.
create or replace table contacts as
with
volumes as (
    select
        day, true as is_ticket, tickets as volume, first_ticket as first_sequence,
        ticket_staff as staff, day * 1000000 as first_contact
    from staffed_days
    union all
    select
        day, false as is_ticket, calls as volume, first_call as first_sequence,
        call_staff as staff, day * 1000000 + 500000 as first_contact
    from staffed_days
),

arrived as (
    select *, unnest(range(volume)) as place
    from volumes
    where day >= getvariable('first_day') - 60 and day < getvariable('end_day')
),

-- Six in ten would come back to an earlier contact, up to nine days ago, ...
alive as (
    select
        *,
        first_contact + place as contact,
        first_sequence + place as sequence,
        draw(contact, 'slow') < 0.06 as is_slow,
        draw(contact, 'asked') < 0.125 as is_asked,
        draw(contact, 'reviewed') < 0.0275 as is_reviewed,
        (place + draw(contact, 'arrival')) / volume as share_of_day,
        if(draw(contact, 'repeat') < 0.6, whole(contact, 'days ago', 0, 8), null) as days_ago,
        draw(contact, 'after ticket') < 0.5 as is_after_ticket
    from arrived
    where day >= getvariable('first_day') - 4 or is_slow or is_asked or is_reviewed
),

found as (
    select
        alive.*,
        earlier.day as earlier_day,
        if(is_after_ticket, earlier.ticket_staff, earlier.call_staff) as earlier_staff,
        case days_ago
            when 0 then share_of_day * draw(contact, 'earlier')
            when 7 then bounded(share_of_day + 0.1 * draw(contact, 'earlier') - 0.05, 0, 0.9999)
            else draw(contact, 'earlier')
        end as earlier_share,
        earlier.day * 1000000 + if(is_after_ticket, 0, 500000)
        + cast(floor(earlier_share * if(is_after_ticket, earlier.tickets, earlier.calls)) as bigint)
            as earlier_contact
    from alive
    left join staffed_days as earlier on alive.day - alive.days_ago = earlier.day
),

-- ... and do if whoever had it knew little.
repeated as (
    select
        found.*,
        if(
            draw(contact, 'again') < 1.05 - earlier_agents.person.knowledge,
            earlier_contact,
            contact
        ) as origin,
        whole(contact, 'agent', 0, staff - 1) as agent_seat,
        (agent_seat + whole(contact, 'other agent', 1, greatest(staff - 1, 1))) % staff
            as other_seat
    from found
    left join duty as earlier_agents
        on
            earlier_agents.role = 'agent'
            and found.earlier_day = earlier_agents.day
            and whole(found.earlier_contact, 'agent', 0, found.earlier_staff - 1)
            = earlier_agents.seat
)

select
    repeated.contact,
    repeated.sequence,
    repeated.is_ticket,
    repeated.day,
    repeated.is_slow,
    repeated.is_asked,
    repeated.is_reviewed,
    repeated.place = repeated.volume - 1 as is_last_of_day,
    repeated.day * 86400 + arrival_second(repeated.share_of_day) as arrived_s,
    if(
        draw(repeated.origin, 'anonymous') < 0.03,
        null,
        'C' || (1000000 + whole(repeated.origin, 'customer', 0, getvariable('customers') - 1))
    ) as customer_id,
    one_of(
        [
            'account', 'billing', 'cancellation', 'complaint', 'contract', 'delivery', 'login',
            'order', 'payment', 'price', 'product', 'refund', 'repair', 'return', 'voucher',
            'warranty'
        ],
        repeated.origin,
        'topic'
    ) as topic,
    agents.person as agent,
    others.person as other
from repeated
inner join duty as agents
    on
        agents.role = 'agent'
        and repeated.day = agents.day
        and repeated.agent_seat = agents.seat
inner join duty as others
    on
        others.role = 'agent'
        and repeated.day = others.day
        and repeated.other_seat = others.seat;
