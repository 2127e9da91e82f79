with

year_metrics as (

    select * from {{ ref('int_year_metrics_standing') }}

),

scorecards as (

    select * from {{ ref('scorecards') }}

),

parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

weighed as (

    select
        year_metrics.employee_id,
        year_metrics.appraisal_year,
        year_metrics.scorecard_id,
        year_metrics.dimension_id,
        year_metrics.metric_id,
        year_metrics.metric_score as mean_metric_score,
        year_metrics.denominator,
        year_metrics.contribution,
        cast(
            round(scorecards.score_cap * year_metrics.effective_weight, 6)
            as decimal(18, 6)
        ) as full_marks
    from year_metrics
    inner join scorecards on year_metrics.scorecard_id = scorecards.scorecard_id

),

-- The weight is kept with six places: what was earned may be a hair above its marks.
measured as (

    select
        *,
        case when contribution is not null then greatest(full_marks, contribution) end
            as maximum_contribution,
        coalesce(denominator > 0, false) as has_evidence
    from weighed

),

ranked as (

    select
        *,
        maximum_contribution - contribution as points_lost,
        case
            when contribution is not null
                then
                    row_number() over (
                        partition by employee_id, appraisal_year
                        order by
                            maximum_contribution - contribution desc nulls last,
                            scorecard_id asc,
                            dimension_id asc,
                            metric_id asc
                    )
        end as rank_by_points_lost
    from measured

),

-- Without a result, or without evidence of the year, nothing is said.
assessed as (

    select
        ranked.*,
        case
            when ranked.contribution is null or not ranked.has_evidence then null
            when ranked.mean_metric_score >= parameters.strength_metric_score
                then 'strength'
            when ranked.mean_metric_score < parameters.gap_metric_score then 'gap'
        end as assessment
    from ranked
    cross join parameters

)

select
    employee_id,
    appraisal_year,
    scorecard_id,
    dimension_id,
    metric_id,
    mean_metric_score,
    denominator,
    contribution,
    cast(maximum_contribution as decimal(18, 6)) as maximum_contribution,
    cast(points_lost as decimal(18, 6)) as points_lost,
    cast(rank_by_points_lost as bigint) as rank_by_points_lost,
    assessment
from assessed
