with

goals as (

    select * from {{ ref('stg_appraisal__goals') }}

),

-- A target counts from the month in which the second side agreed.
agreed as (

    select
        employee_id,
        appraisal_year,
        metric_id,
        proposed_on,
        target_value,
        cast(
            date_trunc('month', greatest(employee_agreed_on, manager_agreed_on)) as date
        ) as agreed_month
    from goals
    where employee_agreed_on is not null and manager_agreed_on is not null

)

select * from agreed
