with

month_scorecards as (

    select * from {{ ref('int_month_scorecards_standing') }}

),

year_dimensions as (

    select * from {{ ref('int_year_dimensions') }}

),

year_metrics as (

    select * from {{ ref('int_year_metrics') }}

),

year_ends as (

    select * from {{ ref('int_year_ends') }}

),

employees as (

    select * from {{ ref('employees') }}

),

parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

years as (

    select
        employee_id,
        cast(extract(year from month_start) as integer) as appraisal_year,
        cast(date_trunc('year', month_start) as date) as year_start,
        sum(eligible_days) as eligible_days
    from month_scorecards
    group by
        employee_id,
        cast(extract(year from month_start) as integer),
        cast(date_trunc('year', month_start) as date)

),

covered as (

    select
        employee_id,
        cast(extract(year from month_start) as integer) as appraisal_year,
        sum(eligible_days * weight_covered) as covered_days,
        sum(eligible_days) as appraised_days
    from month_scorecards
    where is_appraised
    group by employee_id, cast(extract(year from month_start) as integer)

),

scored as (

    select distinct
        employee_id,
        appraisal_year
    from year_dimensions
    where is_scored

),

blocked as (

    select
        employee_id,
        appraisal_year,
        min(metric_id) as blocked_by
    from year_metrics
    where is_blocked
    group by employee_id, appraisal_year

),

joined as (

    select
        years.employee_id,
        years.appraisal_year,
        years.year_start,
        {{ add_months('years.year_start', 12) }} as next_year_start,
        years.eligible_days,
        year_ends.role_id,
        employees.termination_date,
        scored.employee_id is not null as is_scored,
        blocked.blocked_by,
        cast(
            {{ divide('covered.covered_days', 'covered.appraised_days', 6) }}
            as decimal(9, 6)
        ) as weight_covered
    from years
    inner join employees on years.employee_id = employees.employee_id
    left join year_ends
        on
            years.employee_id = year_ends.employee_id
            and years.appraisal_year = year_ends.appraisal_year
    left join covered
        on
            years.employee_id = covered.employee_id
            and years.appraisal_year = covered.appraisal_year
    left join scored
        on
            years.employee_id = scored.employee_id
            and years.appraisal_year = scored.appraisal_year
    left join blocked
        on
            years.employee_id = blocked.employee_id
            and years.appraisal_year = blocked.appraisal_year

),

judged as (

    select
        joined.*,
        case
            when
                joined.termination_date < joined.next_year_start - 1
                and joined.termination_date <= as_of.as_of_date
                then 'left_before_year_end'
            -- Days that are still to come are not missing.
            when
                joined.eligible_days < parameters.minimum_eligible_days_year
                and as_of.as_of_date >= joined.next_year_start
                then 'eligible_days_below_minimum'
            when not joined.is_scored then 'no_scored_month'
            when joined.blocked_by is not null then 'blocked_by_' || joined.blocked_by
            when joined.weight_covered < parameters.minimum_weight_covered
                then 'weight_covered_below_minimum'
            when
                as_of.as_of_local_at < {{ add_seconds(
                    'cast(joined.next_year_start as timestamp)',
                    'parameters.first_contact_window_days * 86400'
                ) }}
                then 'windows_still_open'
        end as status_reason
    from joined
    cross join parameters
    cross join as_of

),

named as (

    select
        *,
        case
            when status_reason is null then 'final'
            when status_reason = 'windows_still_open' then 'provisional'
            when
                status_reason
                in ('left_before_year_end', 'eligible_days_below_minimum')
                then 'not_eligible'
            else 'insufficient_data'
        end as status
    from judged

)

select
    employee_id,
    appraisal_year,
    year_start,
    eligible_days,
    role_id,
    weight_covered,
    status,
    status_reason,
    status in ('final', 'provisional') as has_result
from named
{{ of_the_periods_to_build() }}
