{#-
    Counted straight from staging, past everything that stands between, since the first month
    that this night has built: those before were counted when they were.
-#}
with

periods_to_build as (

    select * from {{ ref('int_periods_to_build') }}
    where period_type = 'month' and has_new_facts

),

time_zone_offsets as (

    select * from {{ ref('int_time_zone_offsets') }}

),

first_months as (

    select min(period_start) as month_start from periods_to_build

),

since as (

    select
        first_months.month_start,
        {{ add_seconds(
            'cast(first_months.month_start as timestamp)',
            'time_zone_offsets.offset_seconds * -1'
        ) }} as month_starts_at
    from first_months
    inner join time_zone_offsets
        on
            first_months.month_start >= time_zone_offsets.valid_from_at
            and first_months.month_start < time_zone_offsets.valid_to_at

),

call_legs as (

    select * from {{ ref('stg_telephony__call_legs') }}
    where {{ known_by_as_of('ended_at') }}

),

new_legs as (

    select * from {{ ref('stg_telephony__call_legs') }}
    where
        {{ is_in_files_of_this_night('call_legs') }}
        and {{ known_by_as_of('ended_at') }}

),

tickets as (

    select * from {{ ref('int_tickets_credited') }}

),

ticket_events as (

    select * from {{ ref('stg_helpdesk__ticket_events') }}
    where {{ known_by_as_of('occurred_at') }}

),

new_events as (

    select
        *,
        {{ packed(['occurred_at', 'event_id']) }} as moment
    from {{ ref('stg_helpdesk__ticket_events') }}
    where
        {{ is_in_files_of_this_night('ticket_events') }}
        and {{ known_by_as_of('occurred_at') }}

),

-- What an objection voided is lost on purpose.
voided as (

    select * from {{ ref('int_remedies_granted') }}
    where remedy = 'void'

),

survey_responses_read as (

    select * from {{ ref('stg_surveys__survey_responses') }}
    where {{ is_in_files_of_this_night('survey_responses') }}

),

survey_responses as (

    select survey_responses_read.*
    from survey_responses_read
    anti join voided
        on
            survey_responses_read.response_id = voided.record_id
            and voided.record_type = 'survey_response'

),

review_items_read as (

    select * from {{ ref('stg_quality__quality_review_items') }}
    where {{ known_by_as_of('reviewed_at') }}

),

review_items as (

    select review_items_read.*
    from review_items_read
    anti join voided
        on
            review_items_read.review_id = voided.record_id
            and voided.record_type = 'quality_review'

),

-- A review has the status of its newest item.
reviews as (

    select
        review_id,
        max_by(status, (reviewed_at, item_id)) as status,
        max(case when is_calibration then 1 else 0 end) = 1 as is_calibration,
        sum(weight) filter (where is_applicable and not is_calibration) as weight
    from review_items
    group by review_id

),

ratings_read as (

    select * from {{ ref('stg_appraisal__ratings') }}
    where {{ known_by_as_of('submitted_at') }}

),

ratings as (

    select ratings_read.*
    from ratings_read
    anti join voided
        on
            ratings_read.rating_id = voided.record_id
            and voided.record_type = 'rating'

),

attendance_read as (

    select * from {{ ref('stg_hr__attendance') }}

),

absences as (

    select * from {{ ref('int_absences_granted') }}

),

attendance as (

    select attendance_read.*
    from attendance_read
    anti join absences
        on
            attendance_read.employee_id = absences.employee_id
            and attendance_read.work_date >= absences.start_date
            and attendance_read.work_date <= absences.end_date

),

monthly_calls as (

    select * from {{ ref('agent_monthly_calls') }}

),

monthly_tickets as (

    select * from {{ ref('agent_monthly_tickets') }}

),

monthly_surveys as (

    select * from {{ ref('agent_monthly_surveys') }}

),

monthly_reviews as (

    select * from {{ ref('agent_monthly_reviews') }}

),

reviewer_reviews as (

    select * from {{ ref('reviewer_monthly_reviews') }}

),

monthly_ratings as (

    select * from {{ ref('employee_monthly_ratings') }}

),

monthly_conduct as (

    select * from {{ ref('employee_monthly_conduct') }}

),

contacts as (

    select * from {{ ref('int_contacts_matched') }}

),

answered_legs as (

    select
        new_legs.agent_id,
        new_legs.direction
    from new_legs
    cross join since
    where
        new_legs.outcome in ('answered', 'transferred')
        and new_legs.ended_at >= since.month_starts_at

),

-- A call's earlier legs are not a day older.
answered_calls as (

    select new_legs.call_id
    from new_legs
    cross join since
    where
        new_legs.offered_at
        >= {{ add_seconds('since.month_starts_at', '-86400') }}
    group by new_legs.call_id
    having
        min(new_legs.offered_at) >= min(since.month_starts_at)
        and count(*) filter (
            where new_legs.outcome in ('answered', 'transferred')
        ) > 0

),

last_solvings as (

    select
        new_events.ticket_id,
        max_by(
            new_events.assignee_id is not null
            or (
                new_events.actor_type = 'agent'
                and new_events.actor_id is not null
            ),
            new_events.moment
        ) as has_solver
    from new_events
    cross join since
    where
        new_events.event_type = 'status_changed'
        and new_events.status = 'solved'
        and new_events.occurred_at >= since.month_starts_at
    group by new_events.ticket_id

),

last_responses as (

    select
        survey_responses.response_id,
        survey_responses.contact_type,
        survey_responses.contact_id,
        survey_responses.responded_at
    from survey_responses
    cross join since
    where
        survey_responses.survey_type = 'csat'
        and survey_responses.responded_at >= since.month_starts_at
        and survey_responses.score is not null
        and {{ known_by_as_of('survey_responses.responded_at') }}
    qualify
        row_number() over (
            partition by survey_responses.contact_type, survey_responses.contact_id
            order by
                survey_responses.responded_at desc, survey_responses.response_id desc
        ) = 1

),

-- By the ids of the rated contacts, most of the older events are passed over.
assignments as (

    select ticket_events.*
    from ticket_events
    semi join last_responses
        on
            ticket_events.ticket_id = last_responses.contact_id
            and last_responses.contact_type = 'ticket'
    where ticket_events.assignee_id is not null

),

answers as (

    select call_legs.*
    from call_legs
    semi join last_responses
        on
            call_legs.call_id = last_responses.contact_id
            and last_responses.contact_type = 'call'
    where
        call_legs.outcome in ('answered', 'transferred')
        and call_legs.direction != 'internal'

),

last_answers as (

    select
        last_responses.response_id,
        max_by(
            answers.agent_id is not null, (answers.answered_at, answers.leg_id)
        ) as has_agent
    from last_responses
    inner join answers
        on
            last_responses.contact_id = answers.call_id
            and last_responses.responded_at >= answers.answered_at
    where last_responses.contact_type = 'call'
    group by last_responses.response_id

),

held_responses as (

    select last_responses.response_id
    from last_responses
    semi join tickets on last_responses.contact_id = tickets.ticket_id
    inner join assignments
        on
            last_responses.contact_id = assignments.ticket_id
            and last_responses.responded_at >= assignments.occurred_at
    where last_responses.contact_type = 'ticket'
    union
    select response_id from last_answers
    where has_agent

),

last_ratings as (

    select distinct
        ratee_id,
        rater_id,
        relation,
        criterion_id,
        period_start
    from ratings
    where period_type = 'month' and relation in ('supervisor', 'peer', 'head')

),

counted as (

    select
        'answered_legs' as measure,
        count(*) as recounted
    from answered_legs
    where agent_id is not null and direction != 'internal'
    union all
    select
        'solved_tickets' as measure,
        count(*) as recounted
    from last_solvings
    semi join tickets on last_solvings.ticket_id = tickets.ticket_id
    where last_solvings.has_solver
    union all
    select
        'csat_responses' as measure,
        count(*) as recounted
    from held_responses
    union all
    select
        'review_weight' as measure,
        coalesce(sum(weight), 0) as recounted
    from reviews
    where status = 'final'
    union all
    select
        'reviews' as measure,
        count(*) as recounted
    from reviews
    where status != 'voided' and not is_calibration
    union all
    select
        'ratings' as measure,
        count(*) as recounted
    from last_ratings
    union all
    select
        'attendance_days' as measure,
        count(*) as recounted
    from attendance
    union all
    select
        'ticket_contacts' as measure,
        count(*) as recounted
    from tickets
    union all
    select
        'call_contacts' as measure,
        count(*) as recounted
    from answered_calls

),

summed as (

    select
        'answered_legs' as measure,
        sum(monthly_calls.answered_legs) as in_fact
    from monthly_calls
    inner join since on monthly_calls.month_start >= since.month_start
    union all
    select
        'solved_tickets' as measure,
        sum(monthly_tickets.solved_tickets) as in_fact
    from monthly_tickets
    inner join since on monthly_tickets.month_start >= since.month_start
    union all
    select
        'csat_responses' as measure,
        sum(monthly_surveys.csat_responses) as in_fact
    from monthly_surveys
    inner join since on monthly_surveys.month_start >= since.month_start
    union all
    select
        'review_weight' as measure,
        sum(standards_adherence_weight + communication_weight + attitude_weight)
            as in_fact
    from monthly_reviews
    union all
    select
        'reviews' as measure,
        sum(reviews) as in_fact
    from reviewer_reviews
    union all
    select
        'ratings' as measure,
        sum(
            improvement_ratings + accountability_ratings + resilience_ratings
            + collaboration_ratings + coordination_ratings
        ) as in_fact
    from monthly_ratings
    union all
    select
        'attendance_days' as measure,
        sum(attendance_days) as in_fact
    from monthly_conduct
    union all
    select
        'ticket_contacts' as measure,
        count(*) as in_fact
    from contacts
    where contact_type = 'ticket'
    union all
    select
        'call_contacts' as measure,
        count(*) as in_fact
    from contacts
    inner join since on contacts.started_on >= since.month_start
    where contacts.contact_type = 'call'

)

select
    counted.measure,
    counted.recounted,
    summed.in_fact
from counted
left join summed on counted.measure = summed.measure
where counted.recounted != coalesce(summed.in_fact, 0)
