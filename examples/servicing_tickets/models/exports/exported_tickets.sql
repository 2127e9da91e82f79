with

tickets_timed as (

    select * from {{ ref('tickets_timed') }}

),

mapped as (

    select
        ticket_id,
        customer_id,
        channel,
        issue_type as topic,
        priority,
        cast(null as string) as is_complaint,
        case status
            when 'Resolved' then 'solved'
            when 'Closed' then 'closed'
            when 'Pending' then 'pending'
            when 'Escalated' then 'open'
            else status
        end as status,
        created_at,
        updated_at
    from tickets_timed

)

select * from mapped
