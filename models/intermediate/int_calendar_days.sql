with

parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

exceptions as (

    select * from {{ ref('calendar_days') }}

),

working_hours as (

    select * from {{ ref('working_hours') }}

),

days as (

    select
        {{ days_from_to('calendar_first_day', 'calendar_last_day') }} as calendar_date
    from parameters

),

-- A make-up working day works the hours of the weekday that its row names.
weekdays as (

    select
        days.calendar_date,
        coalesce(exceptions.is_working_day, true) as may_work,
        coalesce(
            exceptions.hours_as_weekday, {{ weekday('days.calendar_date') }}
        ) as hours_as_weekday
    from days
    left join exceptions on days.calendar_date = exceptions.calendar_date

),

scheduled as (

    select
        weekdays.calendar_date,
        cast(date_trunc('month', weekdays.calendar_date) as date) as month_start,
        weekdays.may_work and working_hours.opens_at is not null as is_working_day,
        case
            when weekdays.may_work and working_hours.opens_at is not null
                then
                    cast(substring(working_hours.opens_at, 1, 2) as integer) * 3600
                    + cast(substring(working_hours.opens_at, 4, 2) as integer) * 60
            else 0
        end as opens_second,
        case
            when weekdays.may_work and working_hours.opens_at is not null
                then
                    cast(substring(working_hours.closes_at, 1, 2) as integer) * 3600
                    + cast(substring(working_hours.closes_at, 4, 2) as integer) * 60
            else 0
        end as closes_second
    from weekdays
    left join working_hours on weekdays.hours_as_weekday = working_hours.weekday

),

accumulated as (

    select
        *,
        cast(
            coalesce(
                sum(closes_second - opens_second) over (
                    order by calendar_date
                    rows between unbounded preceding and 1 preceding
                ),
                0
            ) as bigint
        ) as business_seconds_before,
        cast(
            sum(case when is_working_day then 1 else 0 end) over (
                order by calendar_date
            ) as integer
        ) as working_days
    from scheduled

)

select * from accumulated
