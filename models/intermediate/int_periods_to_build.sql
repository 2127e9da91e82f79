-- depends_on: {{ ref('int_parameters_pivoted') }}
-- depends_on: {{ ref('int_months_touched') }}
-- depends_on: {{ ref('int_records_touched') }}
-- depends_on: {{ ref('int_tickets_credited') }}
-- depends_on: {{ ref('int_contacts_matched') }}
-- depends_on: {{ ref('int_surveys_credited') }}
-- depends_on: {{ ref('int_review_items_scored') }}
with

fingerprints as (

    select * from {{ ref('int_month_fingerprints') }}

),

calendar_days as (

    select * from {{ ref('int_calendar_days') }}

),

metrics as (

    select * from {{ ref('metrics') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

{% if is_night() %}
parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

months_touched as (

    select * from {{ ref('int_months_touched') }}

),

records_touched as (

    select * from {{ ref('int_records_touched') }}

),

tickets as (

    select * from {{ ref('int_tickets_credited') }}
    semi join records_touched on ticket_id = record_id and record_type = 'ticket'

),

contacts as (

    select * from {{ ref('int_contacts_matched') }}
    semi join records_touched on
        contact_type = record_type and contact_id = record_id

),

surveys as (

    select * from {{ ref('int_surveys_credited') }}
    semi join records_touched on
        contact_type = record_type and contact_id = record_id

),

review_items as (

    select * from {{ ref('int_review_items_scored') }}

),

built as (

    select * from {{ state_relation() }}

),

built_as_of as (

    select cast(fingerprint as timestamp) as as_of_at
    from built
    where subject = 'as_of'

),

built_fingerprints as (

    select
        subject as period_type,
        cast(nullif(part, '') as date) as period_start,
        name as part,
        fingerprint
    from built
    where subject in ('month', 'year', 'employee')

),

changed as (

    select
        coalesce(fingerprints.period_type, built_fingerprints.period_type)
            as period_type,
        coalesce(fingerprints.period_start, built_fingerprints.period_start)
            as period_start,
        coalesce(fingerprints.part, built_fingerprints.part) as part
    from fingerprints
    full outer join built_fingerprints
        on
            fingerprints.period_type = built_fingerprints.period_type
            and fingerprints.part = built_fingerprints.part
            and fingerprints.period_start
            is not distinct from built_fingerprints.period_start
    where fingerprints.fingerprint is distinct from built_fingerprints.fingerprint

),

months_changed as (

    select period_start from changed
    where period_type = 'month'

),

people_changed as (

    select part as employee_id
    from changed
    where period_type = 'employee'

),

-- Evidence of somebody who was unknown, or no longer is known, counts or stops to count.
people_months as (

    select distinct month_start
    from {{ as_built('int_metrics_unpivoted') }}
    semi join people_changed using (employee_id)

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
        ('month_start', 'months_touched'), ('month_start', 'people_months'),
        ('period_start', 'months_changed'),
    ] %}
    union
    select
        {{ day }} as first_day,
        {{ day }} as last_day
    from {{ records }}
    {% endfor %}
    union
    -- Windows closed and days came since: from the oldest open window to now.
    select
        cast(
            {{ add_seconds(
                'built_as_of.as_of_at', 'parameters.first_contact_window_days * -86400'
            ) }} as date
        ) - 1 as first_day,
        as_of.as_of_date as last_day
    from built_as_of
    cross join parameters
    cross join as_of

),

months as (

    {{ months_of('days', 'calendar_days') | indent }}

),

months_with_new_facts as (

    select distinct months.month_start
    from days
    inner join months
        on
            days.last_day >= months.month_start
            and days.first_day < {{ add_months('months.month_start', 1) }}

),

years_with_new_reviews as (

    select period_start from changed
    where period_type = 'year'

),
{% else %}
months as (

    select distinct month_start from calendar_days

),

months_with_new_facts as (

    select distinct calendar_days.month_start
    from calendar_days
    cross join as_of
    where calendar_days.month_start <= as_of.as_of_month

),

years_with_new_reviews as (

    select period_start from fingerprints
    where period_type = 'year'

),
{% endif %}

-- A month's score may reach back as far as the longest window.
reach as (

    select greatest(max(window_months), max(fallback_window_months)) as months
    from metrics

),

months_to_build as (

    select
        months.month_start,
        max(
            case
                when months.month_start = months_with_new_facts.month_start then 1
                else 0
            end
        ) = 1 as has_new_facts
    from months_with_new_facts
    cross join reach
    cross join as_of
    inner join months
        on
            months_with_new_facts.month_start <= months.month_start
            and {{ add_months('months_with_new_facts.month_start', 'reach.months') }}
            > months.month_start
    where
        months.month_start <= as_of.as_of_month
        or months.month_start = months_with_new_facts.month_start
    group by months.month_start

),

years_to_build as (

    select cast(date_trunc('year', month_start) as date) as period_start
    from months_to_build
    union
    select period_start from years_with_new_reviews

)

select
    'month' as period_type,
    month_start as period_start,
    has_new_facts
from months_to_build
union all
select
    'year' as period_type,
    period_start,
    false as has_new_facts
from years_to_build
