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

decided as (

    select
        suggestions.employee_id,
        cast(date_trunc('month', suggestions.decided_on) as date) as month_start,
        1 as suggestions_decided,
        case suggestions.status
            when 'rejected' then parameters.suggestion_points_submitted
            when 'accepted' then parameters.suggestion_points_accepted
            when 'implemented' then parameters.suggestion_points_implemented
            else 0
        end as suggestion_points,
        0 as suggestion_standard_points
    from suggestions
    cross join parameters
    inner join plan_months
        on
            suggestions.employee_id = plan_months.employee_id
            and cast(date_trunc('month', suggestions.decided_on) as date)
            = plan_months.month_start

),

counted as (

    select count(*) as suggestions from suggestions

),

-- An appraised month without a suggestion still owes its part of the year's standard; a
-- department that exports no suggestions owes none.
expected as (

    select distinct
        employee_months.employee_id,
        employee_months.month_start,
        0 as suggestions_decided,
        0 as suggestion_points,
        {{ divide('parameters.suggestion_standard_points_per_year', '12', 6) }}
            as suggestion_standard_points
    from employee_months
    cross join parameters
    cross join counted
    where employee_months.is_appraised and counted.suggestions > 0

),

united as (

    select * from decided
    union all
    select * from expected

),

summed as (

    select
        employee_id,
        month_start,
        cast(sum(suggestions_decided) as bigint) as suggestions_decided,
        cast(sum(suggestion_points) as decimal(18, 6)) as suggestion_points,
        cast(sum(suggestion_standard_points) as decimal(18, 6))
            as suggestion_standard_points
    from united
    group by employee_id, month_start

)

select * from summed
