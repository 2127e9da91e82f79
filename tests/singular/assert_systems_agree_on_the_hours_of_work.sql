{#-
    Where one system's clock is read in a wrong time zone, its people work at night. On a day
    on which the service is closed, nobody works in hours.
-#}
{% set systems = ['calls', 'replies', 'reviews'] %}

with

call_legs as (

    select * from {{ ref('stg_telephony__call_legs') }}
    where {{ is_of_this_night('call_legs') }}

),

ticket_events as (

    select * from {{ ref('stg_helpdesk__ticket_events') }}
    where {{ is_of_this_night('ticket_events') }}

),

review_items as (

    select * from {{ ref('stg_quality__quality_review_items') }}
    where {{ is_of_this_night('quality_review_items') }}

),

calendar_days as (

    select * from {{ ref('int_calendar_days') }}

),

time_zone_offsets as (

    select * from {{ ref('int_time_zone_offsets') }}

),

calls as (

    select answered_at as worked_at
    from call_legs
    where
        outcome in ('answered', 'transferred')
        and agent_id is not null
        and direction != 'internal'

),

replies as (

    select occurred_at as worked_at
    from ticket_events
    where event_type = 'replied' and actor_type = 'agent'

),

reviews as (

    select reviewed_at as worked_at
    from review_items

),

worked as (

    {% for system in systems %}
    select
        '{{ system }}' as system,
        worked_at
    from {{ system }}
    {% if not loop.last %}union all{% endif %}

    {% endfor %}
),

localised as (

    select
        worked.system,
        {{ add_seconds('worked.worked_at', 'time_zone_offsets.offset_seconds') }}
            as worked_local_at
    from worked
    inner join time_zone_offsets
        on
            worked.worked_at >= time_zone_offsets.valid_from_at
            and worked.worked_at < time_zone_offsets.valid_to_at

),

timed as (

    select
        localised.system,
        extract(hour from localised.worked_local_at) * 3600
        + extract(minute from localised.worked_local_at) * 60 as worked_second,
        calendar_days.opens_second,
        calendar_days.closes_second
    from localised
    inner join calendar_days
        on cast(localised.worked_local_at as date) = calendar_days.calendar_date
    where calendar_days.opens_second < calendar_days.closes_second

),

counted as (

    select
        system,
        count(*) as records,
        count(*) filter (
            where worked_second >= opens_second and worked_second < closes_second
        ) as records_in_hours
    from timed
    group by system

),

-- A small system shows no hours, and a service may well open in the evening, too.
compared as (

    select
        counted.system,
        counted.records,
        counted.records_in_hours,
        others.system as other_system,
        others.records as other_records,
        others.records_in_hours as other_records_in_hours
    from counted
    inner join counted as others on counted.system != others.system
    where counted.records >= 100 and others.records >= 100

)

select * from compared
where 3 * records_in_hours * other_records < other_records_in_hours * records
