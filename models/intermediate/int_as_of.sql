with

time_zone_offsets as (

    select * from {{ ref('int_time_zone_offsets') }}

),

instants as (

    select max(updated_at) as newest_at from {{ ref('stg_helpdesk__tickets') }}
    union all
    select max(occurred_at) as newest_at from {{ ref('stg_helpdesk__ticket_events') }}
    union all
    select max(ended_at) as newest_at from {{ ref('stg_telephony__call_legs') }}
    union all
    select max(greatest(updated_at, responded_at)) as newest_at
    from {{ ref('stg_surveys__survey_responses') }}
    union all
    select max(reviewed_at) as newest_at
    from {{ ref('stg_quality__quality_review_items') }}

),

-- The clock is never read: a rebuild of the same exports gives the same scores.
newest as (

    select
        {% if var('as_of', none) is not none %}
        max(cast('{{ var("as_of") }}' as timestamp)) as as_of_at
        {% else %}
        max(newest_at) as as_of_at
        {% endif %}
    from instants

),

localised as (

    select
        newest.as_of_at,
        cast(
            {{ add_seconds('newest.as_of_at', 'time_zone_offsets.offset_seconds') }} as date
        ) as as_of_date
    from newest
    left join time_zone_offsets
        on
            newest.as_of_at >= time_zone_offsets.valid_from_at
            and newest.as_of_at < time_zone_offsets.valid_to_at

)

select
    as_of_at,
    as_of_date,
    cast(date_trunc('month', as_of_date) as date) as as_of_month
from localised
