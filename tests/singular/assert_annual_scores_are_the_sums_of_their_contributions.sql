with

metric_scores as (

    select * from {{ ref('annual_metric_scores') }}

),

dimension_scores as (

    select * from {{ ref('annual_dimension_scores') }}

),

scorecards as (

    select * from {{ ref('annual_scorecards') }}

),

from_metrics as (

    select
        employee_id,
        appraisal_year,
        scorecard_id,
        dimension_id,
        sum(contribution) as contributions
    from metric_scores
    group by employee_id, appraisal_year, scorecard_id, dimension_id

),

from_dimensions as (

    select
        employee_id,
        appraisal_year,
        sum(contribution) as contributions
    from dimension_scores
    group by employee_id, appraisal_year

),

compared as (

    select
        dimension_scores.employee_id,
        dimension_scores.appraisal_year,
        dimension_scores.scorecard_id,
        dimension_scores.dimension_id,
        'metrics of the dimension' as of_what,
        dimension_scores.monthly_contribution as score,
        from_metrics.contributions
    from dimension_scores
    left join from_metrics
        on
            dimension_scores.employee_id = from_metrics.employee_id
            and dimension_scores.appraisal_year = from_metrics.appraisal_year
            and dimension_scores.scorecard_id = from_metrics.scorecard_id
            and dimension_scores.dimension_id = from_metrics.dimension_id
    union all
    select
        employee_id,
        appraisal_year,
        scorecard_id,
        dimension_id,
        'months and review of the dimension' as of_what,
        contribution as score,
        case
            when monthly_contribution is not null or review_contribution is not null
                then
                    coalesce(monthly_contribution, 0)
                    + coalesce(review_contribution, 0)
        end as contributions
    from dimension_scores
    union all
    select
        scorecards.employee_id,
        scorecards.appraisal_year,
        cast(null as string) as scorecard_id,
        cast(null as string) as dimension_id,
        'dimensions of the year' as of_what,
        scorecards.annual_score as score,
        from_dimensions.contributions
    from scorecards
    left join from_dimensions
        on
            scorecards.employee_id = from_dimensions.employee_id
            and scorecards.appraisal_year = from_dimensions.appraisal_year

)

select * from compared
where score is distinct from contributions
