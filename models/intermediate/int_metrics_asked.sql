-- depends_on: {{ ref('int_periods_to_build') }}
with

employee_months as (

    select * from {{ ref('employee_months') }}

),

scorecards as (

    select * from {{ ref('scorecards') }}

),

dimension_weights as (

    select * from {{ ref('dimension_weights') }}

),

metric_weights as (

    select * from {{ ref('metric_weights') }}

),

metrics as (

    select * from {{ ref('metrics') }}

),

standard_targets as (

    select * from {{ ref('standard_targets') }}

),

personal_targets as (

    select * from {{ ref('int_personal_targets') }}

),

asked as (

    select
        employee_months.employee_id,
        employee_months.month_start,
        employee_months.scorecard_id,
        metric_weights.dimension_id,
        metric_weights.metric_id,
        employee_months.eligible_days,
        employee_months.is_appraised,
        cast(dimension_weights.weight as decimal(9, 6)) as dimension_weight,
        cast(metric_weights.weight as decimal(9, 6)) as metric_weight,
        metric_weights.missing_policy,
        metrics.window_months,
        metrics.minimum_denominator,
        greatest(metrics.window_months, metrics.fallback_window_months)
            as longest_window_months,
        standard_targets.curve_id,
        standard_targets.target_value as standard_target_value,
        scorecards.score_cap
    from employee_months
    inner join scorecards on employee_months.scorecard_id = scorecards.scorecard_id
    inner join metric_weights
        on employee_months.scorecard_id = metric_weights.scorecard_id
    inner join dimension_weights
        on
            metric_weights.scorecard_id = dimension_weights.scorecard_id
            and metric_weights.dimension_id = dimension_weights.dimension_id
    inner join metrics on metric_weights.metric_id = metrics.metric_id
    inner join standard_targets
        on
            metric_weights.scorecard_id = standard_targets.scorecard_id
            and metric_weights.metric_id = standard_targets.metric_id

),

targeted as (

    select
        asked.*,
        personal_targets.target_value as personal_target_value
    from asked
    left join personal_targets
        on
            asked.employee_id = personal_targets.employee_id
            and asked.metric_id = personal_targets.metric_id
            and extract(year from asked.month_start) = personal_targets.appraisal_year
            and asked.month_start >= personal_targets.agreed_month
    qualify
        row_number() over (
            partition by
                asked.employee_id,
                asked.month_start,
                asked.scorecard_id,
                asked.dimension_id,
                asked.metric_id
            order by personal_targets.proposed_on desc
        ) = 1

)

select * from targeted
{{ of_the_periods_to_build() }}
