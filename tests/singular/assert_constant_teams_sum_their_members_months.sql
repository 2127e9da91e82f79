{% set facts = {
    'agent_monthly_calls': ['handle_seconds', 'answered_legs'],
    'agent_monthly_tickets': ['first_reply_business_seconds', 'replied_tickets'],
    'agent_monthly_contacts': ['resolved_contacts', 'first_contacts'],
    'agent_monthly_surveys': ['csat_top_responses', 'csat_responses'],
    'agent_monthly_reviews': [
        'standards_adherence_points', 'standards_adherence_weight'
    ],
} %}

with

employee_days as (

    select * from {{ ref('int_employee_days') }}

),

calendar_days as (

    select * from {{ ref('int_calendar_days') }}

),

teams as (

    select * from {{ ref('supervisor_monthly_teams') }}

),

{% for fact in facts %}
{{ fact }} as (

    select * from {{ ref(fact) }}

),

{% endfor %}
months as (

    select
        month_start,
        count(*) as days
    from calendar_days
    group by month_start

),

led as (

    select
        supervisor_id,
        employee_id,
        month_start,
        count(*) as led_days
    from employee_days
    where supervisor_id is not null
    group by supervisor_id, employee_id, month_start

),

-- The same people on every day of the month.
constant_teams as (

    select
        led.supervisor_id,
        led.month_start
    from led
    inner join months on led.month_start = months.month_start
    group by led.supervisor_id, led.month_start
    having min(led.led_days - months.days) = 0

),

members as (

    select led.*
    from led
    inner join constant_teams
        on
            led.supervisor_id = constant_teams.supervisor_id
            and led.month_start = constant_teams.month_start

),

compared as (

    {% for fact, measures in facts.items() %}
    {% for measure in measures %}
    select
        teams.employee_id,
        teams.month_start,
        '{{ measure }}' as measure,
        teams.{{ measure }} as in_team,
        sum({{ fact }}.{{ measure }}) as of_members
    from teams
    inner join members
        on
            teams.employee_id = members.supervisor_id
            and teams.month_start = members.month_start
    left join {{ fact }}
        on
            members.employee_id = {{ fact }}.employee_id
            and members.month_start = {{ fact }}.month_start
    group by teams.employee_id, teams.month_start, teams.{{ measure }}
    {% if not loop.last %}union all{% endif %}

    {% endfor %}
    {% if not loop.last %}union all{% endif %}

    {% endfor %}
)

select * from compared
where coalesce(in_team, 0) != coalesce(of_members, 0)
