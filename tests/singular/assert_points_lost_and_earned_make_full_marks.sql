-- The weight is kept with six places, the mean score with four: 0.001 apart at most.
with

strengths_and_gaps as (

    select * from {{ ref('annual_strengths_and_gaps') }}

),

metric_scores as (

    select * from {{ ref('annual_metric_scores') }}

),

scorecards as (

    select * from {{ ref('scorecards') }}

),

year_metrics as (

    select * from {{ ref('int_year_metrics_standing') }}

),

compared as (

    select
        metric_scores.employee_id,
        metric_scores.appraisal_year,
        metric_scores.scorecard_id,
        metric_scores.dimension_id,
        metric_scores.metric_id,
        case
            when strengths_and_gaps.metric_id is null then 'is missing'
            when
                metric_scores.contribution != strengths_and_gaps.contribution
                or (metric_scores.contribution is null)
                != (strengths_and_gaps.contribution is null)
                then 'has another contribution'
            when
                strengths_and_gaps.contribution + strengths_and_gaps.points_lost
                != strengths_and_gaps.maximum_contribution
                or strengths_and_gaps.points_lost < 0
                then 'is not all of the maximum'
            when
                abs(
                    greatest(scorecards.score_cap - year_metrics.metric_score, 0)
                    * year_metrics.effective_weight
                    - strengths_and_gaps.points_lost
                ) > 0.001
                then 'loses other points than its score'
        end as problem
    from metric_scores
    inner join scorecards on metric_scores.scorecard_id = scorecards.scorecard_id
    left join strengths_and_gaps
        on
            metric_scores.employee_id = strengths_and_gaps.employee_id
            and metric_scores.appraisal_year = strengths_and_gaps.appraisal_year
            and metric_scores.scorecard_id = strengths_and_gaps.scorecard_id
            and metric_scores.dimension_id = strengths_and_gaps.dimension_id
            and metric_scores.metric_id = strengths_and_gaps.metric_id
    left join year_metrics
        on
            metric_scores.employee_id = year_metrics.employee_id
            and metric_scores.appraisal_year = year_metrics.appraisal_year
            and metric_scores.scorecard_id = year_metrics.scorecard_id
            and metric_scores.dimension_id = year_metrics.dimension_id
            and metric_scores.metric_id = year_metrics.metric_id

)

select * from compared
where problem is not null
