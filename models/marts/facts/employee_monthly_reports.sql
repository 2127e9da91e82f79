with

management_reports as (

    select * from {{ ref('stg_operations__management_reports') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

summed as (

    select
        management_reports.owner_id as employee_id,
        cast(date_trunc('month', management_reports.due_on) as date) as month_start,
        count(*) as reports_due,
        count(*) filter (
            where management_reports.submitted_on <= management_reports.due_on
        ) as reports_punctual,
        count(*) filter (where management_reports.submitted_on is not null)
            as reports_submitted,
        count(*) filter (
            where
            management_reports.submitted_on is not null
            and coalesce(management_reports.returned_count, 0) = 0
        ) as reports_accurate
    from management_reports
    cross join as_of
    where management_reports.due_on <= as_of.as_of_date
    group by
        management_reports.owner_id,
        cast(date_trunc('month', management_reports.due_on) as date)

)

select * from summed
