with

tickets_timed as (

    select * from {{ ref('tickets_timed') }}

),

-- A ticket without a score had no response. The score came with the solving: it has no
-- time of its own.
mapped as (

    select
        ticket_id as response_id,
        'csat' as survey_type,
        'ticket' as contact_type,
        ticket_id as contact_id,
        cast(null as string) as sent_at,
        updated_at as responded_at,
        satisfaction_score as score,
        '1' as scale_min,
        '5' as scale_max,
        updated_at
    from tickets_timed
    where satisfaction_score is not null

)

select * from mapped
