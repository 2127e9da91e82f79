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

changed as (

    select
        *,
        opened_at + to_seconds(cast(round(open_hours * 3600) as bigint)) as changed_at
    from typed

),

-- What cannot be read goes on as it is written, and the contract rejects it.
timed as (

    select
        *,
        coalesce(
            cast(opened_at as string), created_date || ' ' || created_hour
        ) as created_at,
        coalesce(cast(changed_at as string), resolution_time_hours) as updated_at
    from changed

)

select * from timed
