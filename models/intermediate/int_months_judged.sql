with

employee_months as (

    select * from {{ ref('employee_months') }}

),

metrics_scored as (

    select * from {{ ref('int_metrics_scored') }}

),

dimensions_scored as (

    select * from {{ ref('int_dimensions_scored') }}

),

parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

blocked as (

    select
        employee_id,
        month_start,
        scorecard_id,
        min(metric_id) as blocked_by
    from metrics_scored
    where not has_evidence and missing_policy = 'block'
    group by employee_id, month_start, scorecard_id

),

covered as (

    select
        employee_id,
        month_start,
        scorecard_id,
        cast(sum(scored_dimension_weight) as decimal(9, 6)) as scored_dimension_weight,
        cast(
            sum(cast(dimension_weight as decimal(18, 6)) * weight_covered)
            as decimal(9, 6)
        ) as weight_covered
    from dimensions_scored
    group by employee_id, month_start, scorecard_id

),

judged as (

    select
        employee_months.employee_id,
        employee_months.month_start,
        employee_months.scorecard_id,
        employee_months.role_id,
        employee_months.eligible_days,
        employee_months.is_appraised,
        coalesce(covered.scored_dimension_weight, 0) as scored_dimension_weight,
        cast(coalesce(covered.weight_covered, 0) as decimal(9, 6)) as weight_covered,
        case
            when not employee_months.is_appraised then 'eligible_days_below_minimum'
            when blocked.blocked_by is not null then 'blocked_by_' || blocked.blocked_by
            when
                coalesce(covered.weight_covered, 0) < parameters.minimum_weight_covered
                then 'weight_covered_below_minimum'
            when
                as_of.as_of_local_at < {{ add_seconds(
                    'cast('
                    ~ add_months('employee_months.month_start', 1)
                    ~ ' as timestamp)',
                    'parameters.first_contact_window_days * 86400'
                ) }}
                then 'windows_still_open'
        end as status_reason
    from employee_months
    cross join parameters
    cross join as_of
    left join covered
        on
            employee_months.employee_id = covered.employee_id
            and employee_months.month_start = covered.month_start
            and employee_months.scorecard_id = covered.scorecard_id
    left join blocked
        on
            employee_months.employee_id = blocked.employee_id
            and employee_months.month_start = blocked.month_start
            and employee_months.scorecard_id = blocked.scorecard_id

),

named as (

    select
        *,
        case
            when status_reason is null then 'final'
            when status_reason = 'windows_still_open' then 'provisional'
            when status_reason = 'eligible_days_below_minimum' then 'not_eligible'
            else 'insufficient_data'
        end as status
    from judged

)

select
    *,
    status in ('final', 'provisional') as has_result
from named
{{ of_the_periods_to_build() }}
