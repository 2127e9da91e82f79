with

suggestions as (

    select * from {{ ref('int_suggestions_credited') }}

),

exported_suggestions as (

    select * from {{ ref('stg_operations__suggestions') }}

),

employee_months as (

    select * from {{ ref('employee_months') }}

),

parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

decided as (

    select
        employee_id,
        month_start,
        1 as suggestions_decided,
        points as suggestion_points,
        0 as suggestion_standard_points
    from suggestions

),

counted as (

    select count(*) > 0 as is_exported from exported_suggestions

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
    where employee_months.is_appraised and counted.is_exported

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
