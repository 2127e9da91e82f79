with

metrics_scored as (

    select * from {{ ref('int_metrics_scored') }}

),

summed as (

    select
        employee_id,
        month_start,
        scorecard_id,
        dimension_id,
        eligible_days,
        is_appraised,
        dimension_weight,
        coalesce(sum(metric_weight) filter (where metric_score is not null), 0)
            as scored_weight,
        coalesce(sum(metric_weight) filter (where has_evidence), 0) as weight_covered,
        sum(cast(metric_score as decimal(18, 4)) * metric_weight) as weighted_score
    from metrics_scored
    group by
        employee_id,
        month_start,
        scorecard_id,
        dimension_id,
        eligible_days,
        is_appraised,
        dimension_weight

),

-- Without a scored metric, a dimension carries no weight.
typed as (

    select
        employee_id,
        month_start,
        scorecard_id,
        dimension_id,
        eligible_days,
        is_appraised,
        dimension_weight,
        cast(scored_weight as decimal(9, 6)) as scored_weight,
        cast(weight_covered as decimal(9, 6)) as weight_covered,
        scored_weight > 0 as is_scored,
        case when scored_weight > 0 then dimension_weight else 0 end
            as scored_dimension_weight,
        cast(
            {{ divide('weighted_score', 'scored_weight', 4, scale=10) }}
            as decimal(9, 4)
        )
            as dimension_score
    from summed

)

select * from typed
{{ of_the_periods_to_build() }}
