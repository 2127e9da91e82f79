with

suggestions as (

    select * from {{ ref('stg_operations__suggestions') }}

),

employee_months as (

    select * from {{ ref('employee_months') }}

),

parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

plan_months as (

    select distinct
        employee_id,
        month_start
    from employee_months

),

credited as (

    select
        suggestions.suggestion_id,
        suggestions.employee_id,
        suggestions.decided_on,
        plan_months.month_start,
        case suggestions.status
            when 'rejected' then parameters.suggestion_points_submitted
            when 'accepted' then parameters.suggestion_points_accepted
            when 'implemented' then parameters.suggestion_points_implemented
            else 0
        end as points
    from suggestions
    cross join parameters
    inner join plan_months
        on
            suggestions.employee_id = plan_months.employee_id
            and cast(date_trunc('month', suggestions.decided_on) as date)
            = plan_months.month_start

)

select * from credited
