{#- Counted straight from staging, past everything that stands between. -#}
with

call_legs as (

    select * from {{ ref('stg_telephony__call_legs') }}
    where {{ known_by_as_of('ended_at') }}

),

tickets as (

    select * from {{ ref('stg_helpdesk__tickets') }}
    where {{ known_by_as_of('created_at') }}

),

ticket_events as (

    select * from {{ ref('stg_helpdesk__ticket_events') }}
    where {{ known_by_as_of('occurred_at') }}

),

survey_responses as (

    select * from {{ ref('stg_surveys__survey_responses') }}

),

review_items as (

    select * from {{ ref('stg_quality__quality_review_items') }}
    where {{ known_by_as_of('reviewed_at') }}

),

ratings as (

    select * from {{ ref('stg_appraisal__ratings') }}
    where {{ known_by_as_of('submitted_at') }}

),

attendance as (

    select * from {{ ref('stg_hr__attendance') }}

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

    select * from {{ ref('contacts') }}

),

answered_legs as (

    select *
    from call_legs
    where outcome in ('answered', 'transferred')

),

last_solvings as (

    select ticket_events.*
    from ticket_events
    inner join tickets on ticket_events.ticket_id = tickets.ticket_id
    where
        ticket_events.event_type = 'status_changed'
        and ticket_events.status = 'solved'
    qualify
        row_number() over (
            partition by ticket_events.ticket_id
            order by ticket_events.occurred_at desc, ticket_events.event_id desc
        ) = 1

),

last_responses as (

    select *
    from survey_responses
    where
        survey_type = 'csat'
        and responded_at is not null
        and score is not null
        and {{ known_by_as_of('responded_at') }}
    qualify
        row_number() over (
            partition by contact_type, contact_id
            order by responded_at desc, response_id desc
        ) = 1

),

held_responses as (

    select last_responses.response_id
    from last_responses
    inner join ticket_events
        on
            last_responses.contact_id = ticket_events.ticket_id
            and last_responses.responded_at >= ticket_events.occurred_at
    where
        last_responses.contact_type = 'ticket'
        and ticket_events.assignee_id is not null
    union
    select last_responses.response_id
    from last_responses
    inner join answered_legs
        on
            last_responses.contact_id = answered_legs.call_id
            and last_responses.responded_at >= answered_legs.answered_at
    where last_responses.contact_type = 'call' and answered_legs.agent_id is not null

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
    where
        assignee_id is not null or (actor_type = 'agent' and actor_id is not null)
    union all
    select
        'csat_responses' as measure,
        count(*) as recounted
    from held_responses
    union all
    select
        'review_weight' as measure,
        coalesce(sum(weight), 0) as recounted
    from review_items
    where status = 'final' and not is_calibration and is_applicable
    union all
    select
        'reviews' as measure,
        count(distinct review_id) as recounted
    from review_items
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
        count(distinct call_id) as recounted
    from answered_legs

),

summed as (

    select
        'answered_legs' as measure,
        sum(answered_legs) as in_fact
    from monthly_calls
    union all
    select
        'solved_tickets' as measure,
        sum(solved_tickets) as in_fact
    from monthly_tickets
    union all
    select
        'csat_responses' as measure,
        sum(csat_responses) as in_fact
    from monthly_surveys
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
        contact_type || '_contacts' as measure,
        count(*) as in_fact
    from contacts
    group by contact_type

)

select
    counted.measure,
    counted.recounted,
    summed.in_fact
from counted
left join summed on counted.measure = summed.measure
where counted.recounted != coalesce(summed.in_fact, 0)
