with

base_helpdesk__tickets as (
    select * from {{ ref('base_helpdesk__tickets') }}
),

staged as (
    select
        ticket_id,
        customer_id,

        channel,
        topic,
        priority,
        status,

        is_complaint,

        created_at,
        updated_at,
        load_date
    from base_helpdesk__tickets
    where row_outcome = 'staged'
)

select * from staged
