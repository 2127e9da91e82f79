with

employee_days as (

    select * from {{ ref('int_employee_days') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

dated as (

    select
        employee_days.*,
        cast(extract(year from employee_days.calendar_date) as integer)
            as appraisal_year,
        cast(date_trunc('year', employee_days.calendar_date) as date) as year_start,
        as_of.as_of_date
    from employee_days
    cross join as_of

),

-- The last day of the year, or the as-of date if that is earlier.
referred as (

    select
        *,
        least({{ add_months('year_start', 12) }} - 1, as_of_date) as reference_date
    from dated

),

summed as (

    select
        employee_id,
        appraisal_year,
        max_by(role_id, calendar_date) as last_role_id,
        max(role_id) filter (where calendar_date = reference_date) as year_end_role_id
    from referred
    group by employee_id, appraisal_year

)

select
    employee_id,
    appraisal_year,
    coalesce(year_end_role_id, last_role_id) as role_id,
    year_end_role_id
from summed
