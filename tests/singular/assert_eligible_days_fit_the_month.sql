with

employee_months as (

    select * from {{ ref('employee_months') }}

),

annual_scorecards as (

    select * from {{ ref('int_year_scorecards_computed') }}

),

month_scorecards as (

    select * from {{ ref('int_month_scorecards_standing') }}

),

months as (

    select
        employee_id,
        month_start,
        sum(position_days) as position_days,
        sum(eligible_days) as eligible_days,
        sum(
            case
                when
                    eligible_days > position_days
                    or eligible_working_days > eligible_days
                    or probation_days > position_days
                    or leave_days > position_days
                    or eligible_days + probation_days + leave_days < position_days
                    then 1
                else 0
            end
        ) as contradictions
    from employee_months
    group by employee_id, month_start

),

years as (

    select
        employee_id,
        cast(extract(year from month_start) as integer) as appraisal_year,
        sum(eligible_days) as eligible_days
    from month_scorecards
    group by employee_id, cast(extract(year from month_start) as integer)

)

select
    employee_id,
    cast(month_start as string) as period,
    eligible_days,
    position_days,
    contradictions
from months
where
    contradictions > 0
    or month_start != cast(date_trunc('month', month_start) as date)
    or position_days
    > extract(day from {{ add_months('month_start', 1) }} - 1)
union all
select
    coalesce(years.employee_id, annual_scorecards.employee_id) as employee_id,
    cast(
        coalesce(years.appraisal_year, annual_scorecards.appraisal_year) as string
    ) as period,
    annual_scorecards.eligible_days,
    years.eligible_days as position_days,
    0 as contradictions
from years
full join annual_scorecards
    on
        years.employee_id = annual_scorecards.employee_id
        and years.appraisal_year = annual_scorecards.appraisal_year
where years.eligible_days is distinct from annual_scorecards.eligible_days
