{#- What the touched records counted for until now; nothing where all is built anew. -#}
-- depends_on: {{ ref('int_records_touched') }}
-- depends_on: {{ ref('int_parameters_pivoted') }}
with

superseded_legs as (

    select * from {{ ref('base_telephony__call_legs') }}
    where row_outcome = 'superseded'

),

call_legs as (

    select * from {{ ref('stg_telephony__call_legs') }}
    where {{ has_arrived('call_legs') if is_night() else 'false' }}

),

time_zone_offsets as (

    select * from {{ ref('int_time_zone_offsets') }}

),

calendar_days as (

    select * from {{ ref('int_calendar_days') }}

),

united_legs as (

    select ended_at from call_legs
    union all
    select superseded_legs.ended_at
    from superseded_legs
    semi join call_legs on superseded_legs.leg_id = call_legs.leg_id

),

legs as (

    select distinct
        cast(
            {{ add_seconds(
                'united_legs.ended_at', 'time_zone_offsets.offset_seconds'
            ) }} as date
        ) as ended_on
    from united_legs
    left join time_zone_offsets
        on
            united_legs.ended_at >= time_zone_offsets.valid_from_at
            and united_legs.ended_at < time_zone_offsets.valid_to_at

),

{% if is_night() %}
records_touched as (

    select * from {{ ref('int_records_touched') }}

),

parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

tickets as (

    select * from {{ as_built('int_tickets_credited') }}
    semi join records_touched on
        ticket_id = record_id and record_type = 'ticket'

),

contacts as (

    select * from {{ as_built('int_contacts_matched') }}
    semi join records_touched on
        contact_type = record_type and contact_id = record_id

),

surveys as (

    select * from {{ as_built('int_surveys_credited') }}
    semi join records_touched on
        contact_type = record_type and contact_id = record_id

),

review_items as (

    select * from {{ as_built('int_review_items_scored') }}

),

sessions_touched as (

    select distinct calibration_id
    from review_items
    semi join records_touched on
        review_id = record_id and record_type = 'quality_review'

),

-- A calibrated review is judged by the others of its session, too.
reviews as (

    select reviewed_on from review_items
    semi join records_touched on
        review_id = record_id and record_type = 'quality_review'
    union
    select reviewed_on from review_items
    semi join records_touched on
        contact_type = record_type and contact_id = record_id
    union
    select reviewed_on from review_items
    semi join sessions_touched using (calibration_id)

),

-- Whether a contact is a first one, and resolved, depends on those within the window.
spans as (

    select
        contacts.started_on - parameters.first_contact_window_days - 1 as first_day,
        contacts.started_on + parameters.first_contact_window_days + 1 as last_day
    from contacts
    cross join parameters

),

days as (

    select
        first_day,
        last_day
    from spans
    {% for day, records in [
        ('first_reply_on', 'tickets'), ('last_solved_on', 'tickets'),
        ('responded_on', 'surveys'), ('reviewed_on', 'reviews'),
    ] %}
    union
    select
        {{ day }} as first_day,
        {{ day }} as last_day
    from {{ records }}
    {% endfor %}
    union
    select
        ended_on as first_day,
        ended_on as last_day
    from legs

),
{% else %}
days as (

    select
        ended_on as first_day,
        ended_on as last_day
    from legs

),
{% endif %}

months as (

    {{ months_of('days', 'calendar_days') | indent }}

),

touched as (

    select distinct months.month_start
    from days
    inner join months
        on
            days.last_day >= months.month_start
            and days.first_day < {{ add_months('months.month_start', 1) }}

)

select * from touched
