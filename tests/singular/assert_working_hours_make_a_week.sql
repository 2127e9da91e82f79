with

working_hours as (

    select * from {{ ref('working_hours') }}

),

weekdays as (

    {% for weekday in range(1, 8) %}
    select {{ weekday }} as weekday{{ ' union all' if not loop.last }}
    {% endfor %}

),

judged as (

    select
        coalesce(working_hours.weekday, weekdays.weekday) as weekday,
        working_hours.opens_at,
        working_hours.closes_at,
        case
            when weekdays.weekday is null then 'is no weekday from 1 to 7'
            when working_hours.weekday is null then 'is missing'
            when (working_hours.opens_at is null) != (working_hours.closes_at is null)
                then 'has only one of its hours'
            when
                working_hours.opens_at not like '__:__'
                or working_hours.closes_at not like '__:__'
                or working_hours.closes_at > '24:00'
                then 'has an hour that is not HH:MM'
            when working_hours.opens_at >= working_hours.closes_at
                then 'closes before it opens'
        end as problem
    from working_hours
    full join weekdays on working_hours.weekday = weekdays.weekday

)

select * from judged
where problem is not null
