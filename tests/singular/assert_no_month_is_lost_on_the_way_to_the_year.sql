{#-
    Of months that are not closed: what was published is not to be found again. The year may hold
    more than the plan asks for now: what closed months were scored by.
-#}
with

months_closed as (

    select
        employee_id,
        period_start as month_start
    from {{ ref('int_periods_closed') }}
    where period_type = 'month'

),

months_of_people as (

    select * from {{ ref('employee_months') }}

),

employee_months as (

    select months_of_people.*
    from months_of_people
    anti join months_closed using (employee_id, month_start)

),

metric_weights as (

    select * from {{ ref('metric_weights') }}

),

metric_scores as (

    select * from {{ ref('int_month_metrics_computed') }}

),

dimension_scores as (

    select * from {{ ref('int_month_dimensions_computed') }}

),

scorecards as (

    select * from {{ ref('int_month_scorecards_computed') }}

),

year_dimensions as (

    select * from {{ ref('int_year_dimensions_computed') }}

),

year_metrics as (

    select * from {{ ref('int_year_metrics_computed') }}

),

asked as (

    select
        scorecard_id,
        count(*) as metrics,
        count(distinct dimension_id) as dimensions
    from metric_weights
    group by scorecard_id

),

scored_metrics as (

    select
        employee_id,
        month_start,
        scorecard_id,
        count(*) as metrics,
        count(metric_score) as scores
    from metric_scores
    group by employee_id, month_start, scorecard_id

),

scored_dimensions as (

    select
        employee_id,
        month_start,
        scorecard_id,
        count(*) as dimensions
    from dimension_scores
    group by employee_id, month_start, scorecard_id

),

annual_dimensions as (

    select
        employee_id,
        appraisal_year,
        scorecard_id,
        count(*) as dimensions
    from year_dimensions
    group by employee_id, appraisal_year, scorecard_id

),

annual_metrics as (

    select
        employee_id,
        appraisal_year,
        scorecard_id,
        count(*) as metrics
    from year_metrics
    group by employee_id, appraisal_year, scorecard_id

),

compared as (

    select
        employee_months.employee_id,
        employee_months.month_start,
        employee_months.scorecard_id,
        asked.metrics as metrics_asked,
        scored_metrics.metrics as metrics_of_the_month,
        case
            when employee_months.is_appraised and scored_metrics.scores > 0
                then annual_metrics.metrics
            else asked.metrics
        end as metrics_of_the_year,
        asked.dimensions as dimensions_asked,
        scored_dimensions.dimensions as dimensions_of_the_month,
        case
            when employee_months.is_appraised and scored_metrics.scores > 0
                then annual_dimensions.dimensions
            else asked.dimensions
        end as dimensions_of_the_year,
        scorecards.employee_id is not null as has_scorecard
    from employee_months
    left join asked on employee_months.scorecard_id = asked.scorecard_id
    left join scored_metrics
        on
            employee_months.employee_id = scored_metrics.employee_id
            and employee_months.month_start = scored_metrics.month_start
            and employee_months.scorecard_id = scored_metrics.scorecard_id
    left join scored_dimensions
        on
            employee_months.employee_id = scored_dimensions.employee_id
            and employee_months.month_start = scored_dimensions.month_start
            and employee_months.scorecard_id = scored_dimensions.scorecard_id
    left join scorecards
        on
            employee_months.employee_id = scorecards.employee_id
            and employee_months.month_start = scorecards.month_start
            and employee_months.scorecard_id = scorecards.scorecard_id
    left join annual_dimensions
        on
            employee_months.employee_id = annual_dimensions.employee_id
            and extract(year from employee_months.month_start)
            = annual_dimensions.appraisal_year
            and employee_months.scorecard_id = annual_dimensions.scorecard_id
    left join annual_metrics
        on
            employee_months.employee_id = annual_metrics.employee_id
            and extract(year from employee_months.month_start)
            = annual_metrics.appraisal_year
            and employee_months.scorecard_id = annual_metrics.scorecard_id

)

select * from compared
where
    metrics_of_the_month is distinct from metrics_asked
    or coalesce(metrics_of_the_year, 0) < metrics_asked
    or dimensions_of_the_month is distinct from dimensions_asked
    or coalesce(dimensions_of_the_year, 0) < dimensions_asked
    or not has_scorecard
