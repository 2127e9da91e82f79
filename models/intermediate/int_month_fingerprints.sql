{#- Small tables are computed whole: this tells whether a month of theirs changed. -#}
{% set months = {
    'days': 'month_start',
    'conduct': 'month_start',
    'improvements': 'month_start',
    'learning': 'month_start',
    'ratings': 'month_start',
    'reports': 'month_start',
    'suggestions': 'month_start',
    'superseded_evidence': 'month_start',
    'target_months': 'month_start',
    'exams': "cast(date_trunc('month', taken_on) as date)",
    'coachings': 'month_start',
    'coaching_known': 'month_start',
    'leavers': 'last_month',
} %}

with

days as (

    select * from {{ ref('int_employee_days') }}

),

employees as (

    select * from {{ ref('stg_hr__employees') }}

),

conduct as (

    select * from {{ ref('employee_monthly_conduct') }}

),

improvements as (

    select * from {{ ref('employee_monthly_improvements') }}

),

learning as (

    select * from {{ ref('employee_monthly_learning') }}

),

ratings as (

    select * from {{ ref('employee_monthly_ratings') }}

),

reports as (

    select * from {{ ref('employee_monthly_reports') }}

),

suggestions as (

    select * from {{ ref('employee_monthly_suggestions') }}

),

superseded_evidence as (

    select * from {{ ref('int_superseded_evidence') }}

),

personal_targets as (

    select * from {{ ref('int_personal_targets') }}

),

exams as (

    select * from {{ ref('int_exams_credited') }}

),

coaching_sessions as (

    select * from {{ ref('stg_learning__coaching_sessions') }}
    where {{ known_by_as_of('held_at') }}

),

year_reviews as (

    select * from {{ ref('int_year_reviews') }}

),

periods_closed as (

    select * from {{ ref('int_periods_closed') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

time_zone_offsets as (

    select * from {{ ref('int_time_zone_offsets') }}

),

coachings as (

    select
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

-- The first coaching ever makes it a duty of every month.
coaching_known as (

    select distinct
        days.month_start,
        coaching_counted.is_known
    from days
    cross join coaching_counted

),

months as (

    select distinct month_start from days

),

-- A target holds from its month to the end of its year.
target_months as (

    select
        personal_targets.*,
        months.month_start
    from personal_targets
    inner join months
        on
            personal_targets.agreed_month <= months.month_start
            and personal_targets.appraisal_year = extract(year from months.month_start)

),

last_days as (

    select
        employee_id,
        max(month_start) as last_month
    from days
    group by employee_id

),

-- A leaver counts in the month in which the person was last led, once the day has come.
leavers as (

    select
        last_days.employee_id,
        last_days.last_month,
        employees.termination_date,
        employees.termination_reason,
        employees.termination_date <= as_of.as_of_date as has_left
    from employees
    inner join last_days on employees.employee_id = last_days.employee_id
    cross join as_of
    where employees.termination_date is not null

),

-- A year is computed from its months as they stand.
closed_months as (

    select
        employee_id,
        period_start,
        build_id,
        cast(date_trunc('year', period_start) as date) as year_start
    from periods_closed
    where period_type = 'month'

),

hashed as (

    {% for name, month in months.items() %}
    select
        'month' as period_type,
        {{ month }} as period_start,
        '{{ name }}' as part,
        count(*) as row_count,
        sum({{ row_hash(name) }}) as content
    from {{ name }}
    group by {{ month }}
    union all
    {% endfor %}
    select
        'year' as period_type,
        make_date(appraisal_year, 1, 1) as period_start,
        'year_reviews' as part,
        count(*) as row_count,
        sum({{ row_hash('year_reviews') }}) as content
    from year_reviews
    group by appraisal_year
    union all
    select
        period_type,
        period_start,
        'closed' as part,
        count(*) as row_count,
        sum({{ row_hash('periods_closed') }}) as content
    from periods_closed
    group by period_type, period_start
    union all
    select
        'year' as period_type,
        year_start as period_start,
        'closed_months' as part,
        count(*) as row_count,
        sum({{ row_hash('closed_months') }}) as content
    from closed_months
    group by year_start
    union all
    select
        'employee' as period_type,
        cast(null as date) as period_start,
        employee_id as part,
        1 as row_count,
        1 as content
    from employees

)

select
    period_type,
    period_start,
    part,
    cast(row_count as string) || ' ' || cast(content as string) as fingerprint
from hashed
