with

tickets as (

    select * from {{ source('servicing', 'tickets') }}

),

typed as (

    select
        *,
        try_strptime(created_date || ' ' || created_hour, '%Y-%m-%d %-H') as opened_at,
        try_cast(resolution_time_hours as decimal(18, 4)) as open_hours
    from tickets

),

-- What cannot be read goes on as it is written, and the contract rejects it with a reason.
timed as (

    select
        *,
        coalesce(
            cast(opened_at as string), created_date || ' ' || created_hour
        ) as created_at,
        coalesce(
            cast(
                opened_at + to_seconds(cast(round(open_hours * 3600) as bigint)) as string
            ),
            resolution_time_hours
        ) as updated_at
    from typed

)

select * from timed
