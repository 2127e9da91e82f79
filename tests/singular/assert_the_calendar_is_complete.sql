with

parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

calendar_days as (

    select * from {{ ref('calendar_days') }}

),

working_hours as (

    select * from {{ ref('working_hours') }}

),

days as (

    select * from {{ ref('int_calendar_days') }}

),

-- Who works on every holiday has none in the plan, and needs none for later years.
holidays as (

    select count(*) as holidays from calendar_days
    where not is_working_day

),

problems as (

    select
        calendar_days.calendar_date,
        case
            when
                calendar_days.calendar_date < parameters.calendar_first_day
                or calendar_days.calendar_date > parameters.calendar_last_day
                then 'is outside calendar_first_day to calendar_last_day'
            when calendar_days.is_working_day and calendar_days.hours_as_weekday is null
                then 'is a make-up working day without a weekday'
            when calendar_days.is_working_day and working_hours.opens_at is null
                then 'is a make-up working day with the hours of a free one'
        end as problem
    from calendar_days
    cross join parameters
    left join working_hours on calendar_days.hours_as_weekday = working_hours.weekday
    union all
    select
        min(days.calendar_date) as calendar_date,
        'begins a year without a public holiday' as problem
    from days
    inner join holidays on holidays.holidays > 0
    left join calendar_days
        on
            days.calendar_date = calendar_days.calendar_date
            and not calendar_days.is_working_day
    group by extract(year from days.calendar_date)
    having count(calendar_days.calendar_date) = 0

)

select * from problems
where problem is not null
