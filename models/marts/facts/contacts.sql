with

contacts as (

    select * from {{ ref('int_contacts_judged') }}

),

tickets as (

    select * from {{ ref('stg_helpdesk__tickets') }}

),

call_legs as (

    select * from {{ ref('stg_telephony__call_legs') }}
    where {{ known_by_as_of('ended_at') }}

),

calls as (

    select
        call_id,
        min_by(
            {{ packed(['customer_id', 'topic', 'direction']) }},
            {{ packed(['offered_at', 'leg_id']) }}
        ) as first_leg
    from call_legs
    group by call_id

)

select
    contacts.contact_type,
    contacts.contact_id,
    coalesce(tickets.channel, calls.first_leg['direction']) as channel,
    coalesce(tickets.customer_id, calls.first_leg['customer_id']) as customer_id,
    coalesce(tickets.topic, calls.first_leg['topic']) as topic,
    contacts.started_at,
    contacts.started_on,
    contacts.ended_at,
    contacts.first_handled_by,
    contacts.previous_contact_at,
    contacts.next_contact_at,
    contacts.is_first_contact,
    contacts.is_matured,
    contacts.is_resolved
from contacts
left join tickets
    on contacts.contact_id = tickets.ticket_id and contacts.contact_type = 'ticket'
left join calls
    on contacts.contact_id = calls.call_id and contacts.contact_type = 'call'
