with

metrics_scored as (

    select * from {{ ref('int_metrics_scored') }}

),

dimensions_scored as (

    select * from {{ ref('int_dimensions_scored') }}

),

months_judged as (

    select * from {{ ref('int_months_judged') }}

),

weighted as (

    select
        metrics_scored.*,
        months_judged.has_result,
        cast(metrics_scored.dimension_weight as decimal(18, 6))
        * metrics_scored.metric_weight as nominal_weight,
        cast(months_judged.scored_dimension_weight as decimal(18, 6))
        * dimensions_scored.scored_weight as scored_weight
    from metrics_scored
    inner join dimensions_scored
        on
            metrics_scored.employee_id = dimensions_scored.employee_id
            and metrics_scored.month_start = dimensions_scored.month_start
            and metrics_scored.scorecard_id = dimensions_scored.scorecard_id
            and metrics_scored.dimension_id = dimensions_scored.dimension_id
    inner join months_judged
        on
            metrics_scored.employee_id = months_judged.employee_id
            and metrics_scored.month_start = months_judged.month_start
            and metrics_scored.scorecard_id = months_judged.scorecard_id

),

contributed as (

    select
        employee_id,
        month_start,
        scorecard_id,
        dimension_id,
        metric_id,
        eligible_days,
        is_appraised,
        metric_weight,
        missing_policy,
        pooled_from_month,
        numerator,
        denominator,
        cast(
            {{ divide('numerator', 'denominator', 6, scale=6) }}
            as decimal(18, 6)
        )
            as metric_value,
        target_value,
        has_personal_target,
        metric_score,
        cast(nominal_weight as decimal(9, 6)) as nominal_weight,
        case
            when metric_score is not null
                then
                    cast(
                        {{ divide('nominal_weight', 'scored_weight', 6, scale=12) }}
                        as decimal(9, 6)
                    )
        end as effective_weight,
        case
            when has_result and metric_score is not null
                then
                    cast(
                        {{ divide(
                            'cast(metric_score as decimal(38, 4)) * nominal_weight',
                            'scored_weight',
                            6,
                        ) }}
                        as decimal(18, 6)
                    )
        end as contribution,
        has_evidence,
        missing_reason
    from weighted

)

select * from contributed
{{ of_the_periods_to_build() }}
