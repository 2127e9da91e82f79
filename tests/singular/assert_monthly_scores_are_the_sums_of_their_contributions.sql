with

metric_scores as (

    select * from {{ ref('monthly_metric_scores') }}

),

dimension_scores as (

    select * from {{ ref('monthly_dimension_scores') }}

),

scorecards as (

    select * from {{ ref('monthly_scorecards') }}

),

from_metrics as (

    select
        employee_id,
        month_start,
        scorecard_id,
        dimension_id,
        sum(contribution) as contributions
    from metric_scores
    group by employee_id, month_start, scorecard_id, dimension_id

),

from_dimensions as (

    select
        employee_id,
        month_start,
        scorecard_id,
        sum(contribution) as contributions
    from dimension_scores
    group by employee_id, month_start, scorecard_id

),

compared as (

    select
        dimension_scores.employee_id,
        dimension_scores.month_start,
        dimension_scores.scorecard_id,
        dimension_scores.dimension_id,
        dimension_scores.contribution as score,
        from_metrics.contributions
    from dimension_scores
    full join from_metrics
        on
            dimension_scores.employee_id = from_metrics.employee_id
            and dimension_scores.month_start = from_metrics.month_start
            and dimension_scores.scorecard_id = from_metrics.scorecard_id
            and dimension_scores.dimension_id = from_metrics.dimension_id
    union all
    select
        scorecards.employee_id,
        scorecards.month_start,
        scorecards.scorecard_id,
        cast(null as string) as dimension_id,
        scorecards.monthly_score as score,
        from_dimensions.contributions
    from scorecards
    left join from_dimensions
        on
            scorecards.employee_id = from_dimensions.employee_id
            and scorecards.month_start = from_dimensions.month_start
            and scorecards.scorecard_id = from_dimensions.scorecard_id

)

select * from compared
where score is distinct from contributions
