with

parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

hours as (

    select
        business_time_zone,
        {{ hours_from_to(
            'cast(calendar_first_day as timestamp)',
            'cast(calendar_last_day as timestamp)'
        ) }} as starts_at
    from parameters

),

offset_hours as (

    select
        starts_at,
        cast(
            {{ utc_offset_seconds('starts_at', 'business_time_zone') }} as bigint
        ) as offset_seconds
    from hours

),

transitions as (

    select
        starts_at,
        offset_seconds,
        lag(offset_seconds) over (order by starts_at) as previous_offset_seconds
    from offset_hours
    qualify offset_seconds is distinct from previous_offset_seconds

),

-- The first offset holds before the calendar, too, and the last one after it.
bounded as (

    select
        offset_seconds,
        case
            when lag(starts_at) over (order by starts_at) is null
                then cast('1900-01-01' as timestamp)
            else starts_at
        end as valid_from_at,
        coalesce(
            lead(starts_at) over (order by starts_at), cast('2999-01-01' as timestamp)
        ) as valid_to_at
    from transitions

)

select * from bounded
