with

ticket_versions as (
    select * from {{ ref('base_helpdesk__ticket_versions') }}
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
    from ticket_versions
    qualify
        row_number() over (
            partition by ticket_id order by updated_at desc, loaded_on desc
        ) = 1
)

select * from staged
