with

call_events as (

    select * from {{ source('call_centre', 'call_events') }}

),

typed as (

    select
        *,
        try_strptime(call_end_time, '%d-%m-%y %-H:%M') as finished_at
    from call_events

),

-- The score came with the call: no survey has a time of its own.
mapped as (

    select
        call_id as response_id,
        'csat' as survey_type,
        'call' as contact_type,
        call_id as contact_id,
        cast(null as string) as sent_at,
        coalesce(cast(finished_at as string), call_end_time) as responded_at,
        csat_score as score,
        '1' as scale_min,
        '5' as scale_max,
        coalesce(cast(finished_at as string), call_end_time) as updated_at
    from typed

)

select * from mapped
