with

employee_days as (

    select * from {{ ref('int_employee_days') }}

),

employees as (

    select * from {{ ref('stg_hr__employees') }}

),

employee_months as (

    select * from {{ ref('employee_months') }}

),

calls_by_day as (

    select * from {{ ref('int_calls_by_day') }}

),

tickets_by_day as (

    select * from {{ ref('int_tickets_by_day') }}

),

contacts_by_day as (

    select * from {{ ref('int_contacts_by_day') }}

),

surveys_by_day as (

    select * from {{ ref('int_surveys_by_day') }}

),

review_items_by_day as (

    select * from {{ ref('int_review_items_by_day') }}

),

exams as (

    select * from {{ ref('int_exams_credited') }}

),

coaching_sessions as (

    select * from {{ ref('stg_learning__coaching_sessions') }}
    where {{ known_by_as_of('held_at') }}

),

time_zone_offsets as (

    select * from {{ ref('int_time_zone_offsets') }}

),

parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

plan_months as (

    select distinct month_start from employee_months

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

-- Who left is counted where the person was last led, whether the position ended with
-- the employment or the day before.
led_days as (

    select
        employee_days.supervisor_id,
        employee_days.employee_id,
        employee_days.calendar_date,
        employee_days.month_start,
        employee_days.is_leave,
        employees.termination_reason = 'voluntary'
        and employees.termination_date <= as_of.as_of_date
        and row_number() over (
            partition by employee_days.employee_id
            order by employee_days.calendar_date desc
        ) = 1 as is_voluntary_leaving
    from employee_days
    inner join employees on employee_days.employee_id = employees.employee_id
    cross join as_of
    where employee_days.calendar_date <= as_of.as_of_date

),

exams_by_day as (

    select
        employee_id,
        taken_on as activity_date,
        count(*) as first_exams,
        count(*) filter (where is_passed) as first_exams_passed
    from exams
    where is_first_sitting
    group by employee_id, taken_on

),

coached_months as (

    select distinct
        coaching_sessions.coach_id,
        coaching_sessions.employee_id,
        cast(
            date_trunc(
                'month',
                {{ add_seconds(
                    'coaching_sessions.held_at', 'time_zone_offsets.offset_seconds'
                ) }}
            ) as date
        ) as month_start
    from coaching_sessions
    left join time_zone_offsets
        on
            coaching_sessions.held_at >= time_zone_offsets.valid_from_at
            and coaching_sessions.held_at < time_zone_offsets.valid_to_at

),

coaching_counted as (

    select count(*) > 0 as is_known from coaching_sessions

),

-- A person led for part of a month counts with the records of exactly these days.
members as (

    select
        led_days.supervisor_id,
        led_days.employee_id,
        led_days.month_start,
        count(*) as led_days,
        count(*) filter (where not led_days.is_leave) as present_days,
        count(*) filter (where led_days.is_voluntary_leaving) as voluntary_leavers,
        sum(calls_by_day.handle_seconds) as handle_seconds,
        sum(calls_by_day.answered_legs) as answered_legs,
        sum(tickets_by_day.first_reply_business_seconds)
            as first_reply_business_seconds,
        sum(tickets_by_day.replied_tickets) as replied_tickets,
        sum(contacts_by_day.resolved_contacts) as resolved_contacts,
        sum(contacts_by_day.first_contacts) as first_contacts,
        sum(surveys_by_day.csat_top_responses) as csat_top_responses,
        sum(surveys_by_day.csat_responses) as csat_responses,
        sum(review_items_by_day.standards_adherence_points)
            as standards_adherence_points,
        sum(review_items_by_day.standards_adherence_weight)
            as standards_adherence_weight,
        sum(exams_by_day.first_exams_passed) as first_exams_passed,
        sum(exams_by_day.first_exams) as first_exams
    from led_days
    {% for by_day in [
        'calls_by_day', 'tickets_by_day', 'contacts_by_day', 'surveys_by_day',
        'review_items_by_day', 'exams_by_day'
    ] %}
    left join {{ by_day }}
        on
            led_days.employee_id = {{ by_day }}.employee_id
            and led_days.calendar_date = {{ by_day }}.activity_date
    {% endfor %}
    where led_days.supervisor_id is not null
    group by led_days.supervisor_id, led_days.employee_id, led_days.month_start

),

coached as (

    select
        members.*,
        plan_months.month_start is not null as is_plan_month,
        members.present_days >= parameters.coaching_minimum_led_days
        and coaching_counted.is_known as should_be_coached,
        coached_months.employee_id is not null as is_coached,
        parameters.member_year_days
    from members
    cross join parameters
    cross join coaching_counted
    left join plan_months on members.month_start = plan_months.month_start
    left join coached_months
        on
            members.supervisor_id = coached_months.coach_id
            and members.employee_id = coached_months.employee_id
            and members.month_start = coached_months.month_start

),

summed as (

    select
        supervisor_id as employee_id,
        month_start,
        member_year_days,
        count(*) as members,
        sum(led_days) as led_days,
        sum(voluntary_leavers) filter (where is_plan_month) as voluntary_leavers,
        sum(led_days) filter (where is_plan_month) as attrition_led_days,
        count(*) filter (where is_plan_month and should_be_coached)
            as members_to_coach,
        count(*) filter (where is_plan_month and should_be_coached and is_coached)
            as members_coached,
        sum(handle_seconds) as handle_seconds,
        sum(answered_legs) as answered_legs,
        sum(first_reply_business_seconds) as first_reply_business_seconds,
        sum(replied_tickets) as replied_tickets,
        sum(resolved_contacts) as resolved_contacts,
        sum(first_contacts) as first_contacts,
        sum(csat_top_responses) as csat_top_responses,
        sum(csat_responses) as csat_responses,
        sum(standards_adherence_points) as standards_adherence_points,
        sum(standards_adherence_weight) as standards_adherence_weight,
        sum(first_exams_passed) as first_exams_passed,
        sum(first_exams) as first_exams
    from coached
    group by supervisor_id, month_start, member_year_days

)

select
    employee_id,
    month_start,
    cast(members as bigint) as members,
    cast(led_days as bigint) as led_days,
    cast(voluntary_leavers as bigint) as voluntary_leavers,
    cast(
        {{ divide('attrition_led_days', 'member_year_days', 6) }}
        as decimal(18, 6)
    )
        as member_years,
    cast(members_to_coach as bigint) as members_to_coach,
    cast(members_coached as bigint) as members_coached,
    cast(handle_seconds as decimal(18, 6)) as handle_seconds,
    cast(answered_legs as bigint) as answered_legs,
    cast(first_reply_business_seconds as bigint) as first_reply_business_seconds,
    cast(replied_tickets as bigint) as replied_tickets,
    cast(resolved_contacts as bigint) as resolved_contacts,
    cast(first_contacts as bigint) as first_contacts,
    cast(csat_top_responses as bigint) as csat_top_responses,
    cast(csat_responses as bigint) as csat_responses,
    cast(standards_adherence_points as decimal(18, 6)) as standards_adherence_points,
    cast(standards_adherence_weight as decimal(18, 6)) as standards_adherence_weight,
    cast(first_exams_passed as bigint) as first_exams_passed,
    cast(first_exams as bigint) as first_exams
from summed
{{ of_the_periods_to_build() }}
