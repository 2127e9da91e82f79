with

employee_days as (

    select * from {{ ref('int_employee_days') }}
    {{ of_the_periods_to_build() }}

),

daily_standards as (

    select * from {{ ref('daily_standards') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

calls_by_day as (

    select * from {{ ref('int_calls_by_day') }}

),

tickets_by_day as (

    select * from {{ ref('int_tickets_by_day') }}

),

reviews as (

    select * from {{ ref('int_reviews_credited') }}

),

reviews_by_day as (

    select
        employee_id,
        reviewed_on as activity_date,
        cast(date_trunc('month', reviewed_on) as date) as month_start,
        count(*) as reviews
    from reviews
    where not is_calibration
    group by employee_id, reviewed_on

),

-- A month that the exports do not know says nothing about anybody's work.
known_months as (

    select
        'workload' as metric_id,
        month_start
    from calls_by_day
    union
    select
        'workload' as metric_id,
        month_start
    from tickets_by_day
    union
    select
        'reviews_completed' as metric_id,
        month_start
    from reviews_by_day

),

standard_days as (

    select
        employee_days.employee_id,
        employee_days.calendar_date,
        employee_days.month_start,
        daily_standards.metric_id,
        case
            when employee_days.is_working_day
                then daily_standards.standard_per_working_day
            else 0
        end as standard
    from employee_days
    inner join daily_standards
        on employee_days.scorecard_id = daily_standards.scorecard_id
    inner join known_months
        on
            daily_standards.metric_id = known_months.metric_id
            and employee_days.month_start = known_months.month_start
    cross join as_of
    where
        employee_days.is_eligible
        and employee_days.calendar_date <= as_of.as_of_date

),

measured as (

    select
        standard_days.employee_id,
        standard_days.month_start,
        standard_days.metric_id,
        standard_days.standard,
        coalesce(calls_by_day.answered_legs, 0)
        + coalesce(tickets_by_day.solved_tickets, 0) as contacts_handled,
        coalesce(reviews_by_day.reviews, 0) as reviews
    from standard_days
    left join calls_by_day
        on
            standard_days.employee_id = calls_by_day.employee_id
            and standard_days.calendar_date = calls_by_day.activity_date
    left join tickets_by_day
        on
            standard_days.employee_id = tickets_by_day.employee_id
            and standard_days.calendar_date = tickets_by_day.activity_date
    left join reviews_by_day
        on
            standard_days.employee_id = reviews_by_day.employee_id
            and standard_days.calendar_date = reviews_by_day.activity_date

),

summed as (

    select
        employee_id,
        month_start,
        cast(
            sum(contacts_handled) filter (where metric_id = 'workload')
            as decimal(18, 6)
        ) as workload,
        cast(
            sum(standard) filter (where metric_id = 'workload') as decimal(18, 6)
        ) as workload_standard,
        cast(
            sum(reviews) filter (where metric_id = 'reviews_completed')
            as decimal(18, 6)
        ) as reviews_completed,
        cast(
            sum(standard) filter (where metric_id = 'reviews_completed')
            as decimal(18, 6)
        ) as reviews_completed_standard
    from measured
    group by employee_id, month_start

)

select * from summed
