{% set as_of_at = "'" ~ var('as_of') ~ "'" if var('as_of') else 'newest_at' %}

with

time_zone_offsets as (

    select * from {{ ref('int_time_zone_offsets') }}

),

export_days as (

    select * from {{ ref('int_export_days') }}

),

newest as (

    select max(newest_at) as newest_at from export_days

),

-- The clock is never read: a rebuild of the same exports gives the same scores.
chosen as (

    select
        cast({{ as_of_at }} as timestamp) as as_of_at
    from newest

),

localised as (

    select
        chosen.as_of_at,
        {{ add_seconds('chosen.as_of_at', 'time_zone_offsets.offset_seconds') }}
            as as_of_local_at
    from chosen
    left join time_zone_offsets
        on
            chosen.as_of_at >= time_zone_offsets.valid_from_at
            and chosen.as_of_at < time_zone_offsets.valid_to_at

)

select
    as_of_at,
    as_of_local_at,
    cast(as_of_local_at as date) as as_of_date,
    cast(date_trunc('month', as_of_local_at) as date) as as_of_month
from localised
