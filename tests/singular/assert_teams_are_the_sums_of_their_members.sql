{#- [numerator, denominator] of the people's own records by day. -#}
{% set records = {
    'int_calls_by_day': ['handle_seconds', 'answered_legs'],
    'int_tickets_by_day': ['first_reply_business_seconds', 'replied_tickets'],
    'int_contacts_by_day': ['resolved_contacts', 'first_contacts'],
    'int_surveys_by_day': ['csat_top_responses', 'csat_responses'],
    'int_review_items_by_day': [
        'standards_adherence_points', 'standards_adherence_weight'
    ],
} %}

with

employee_days as (

    select * from {{ ref('int_employee_days') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

past_days as (

    select employee_days.*
    from employee_days
    cross join as_of
    where
        employee_days.calendar_date <= as_of.as_of_date
        and {{ is_on_days_of_this_night('employee_days.calendar_date') }}

),

teams as (

    select * from {{ ref('supervisor_monthly_teams') }}
    where {{ is_on_days_of_this_night('month_start') }}

),

{% for by_day in records %}
{{ by_day }} as (

    select * from {{ ref(by_day) }}
    where {{ is_on_days_of_this_night('activity_date') }}

),

{% endfor %}
recounted as (

    {% for by_day, measures in records.items() %}
    {% for measure in measures %}
    select
        past_days.supervisor_id,
        past_days.month_start,
        '{{ measure }}' as measure,
        sum({{ by_day }}.{{ measure }}) as amount
    from past_days
    inner join {{ by_day }}
        on
            past_days.employee_id = {{ by_day }}.employee_id
            and past_days.calendar_date = {{ by_day }}.activity_date
    where past_days.supervisor_id is not null
    group by past_days.supervisor_id, past_days.month_start
    union all
    {% endfor %}
    {% endfor %}
    select
        supervisor_id,
        month_start,
        'led_days' as measure,
        count(*) as amount
    from past_days
    where supervisor_id is not null
    group by supervisor_id, month_start

),

counted as (

    {% for by_day, measures in records.items() %}
    {% for measure in measures %}
    select
        employee_id,
        month_start,
        '{{ measure }}' as measure,
        {{ measure }} as amount
    from teams
    union all
    {% endfor %}
    {% endfor %}
    select
        employee_id,
        month_start,
        'led_days' as measure,
        led_days as amount
    from teams

)

select
    coalesce(counted.employee_id, recounted.supervisor_id) as employee_id,
    coalesce(counted.month_start, recounted.month_start) as month_start,
    coalesce(counted.measure, recounted.measure) as measure,
    counted.amount as in_team,
    recounted.amount as of_members
from counted
full join recounted
    on
        counted.employee_id = recounted.supervisor_id
        and counted.month_start = recounted.month_start
        and counted.measure = recounted.measure
where coalesce(counted.amount, 0) != coalesce(recounted.amount, 0)
