with

dimensions_scored as (

    select * from {{ ref('int_dimensions_scored') }}

),

months_judged as (

    select * from {{ ref('int_months_judged') }}

),

metric_scores as (

    select * from {{ ref('int_month_metrics_computed') }}

),

summed as (

    select
        employee_id,
        month_start,
        scorecard_id,
        dimension_id,
        sum(contribution) as contribution
    from metric_scores
    group by employee_id, month_start, scorecard_id, dimension_id

),

weighted as (

    select
        dimensions_scored.employee_id,
        dimensions_scored.month_start,
        dimensions_scored.scorecard_id,
        dimensions_scored.dimension_id,
        dimensions_scored.eligible_days,
        dimensions_scored.is_appraised,
        dimensions_scored.scored_weight,
        dimensions_scored.dimension_weight,
        case
            when dimensions_scored.is_scored
                then
                    cast(
                        {{ divide(
                            'dimensions_scored.dimension_weight',
                            'months_judged.scored_dimension_weight',
                            6,
                        ) }}
                        as decimal(9, 6)
                    )
        end as effective_weight,
        dimensions_scored.dimension_score,
        dimensions_scored.weight_covered,
        cast(summed.contribution as decimal(18, 6)) as contribution
    from dimensions_scored
    inner join months_judged
        on
            dimensions_scored.employee_id = months_judged.employee_id
            and dimensions_scored.month_start = months_judged.month_start
            and dimensions_scored.scorecard_id = months_judged.scorecard_id
    left join summed
        on
            dimensions_scored.employee_id = summed.employee_id
            and dimensions_scored.month_start = summed.month_start
            and dimensions_scored.scorecard_id = summed.scorecard_id
            and dimensions_scored.dimension_id = summed.dimension_id

)

select * from weighted
{{ of_the_periods_to_build() }}
