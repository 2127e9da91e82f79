with

metrics_scored as (

    select * from {{ ref('int_month_metrics_standing') }}

),

dimensions_scored as (

    select * from {{ ref('int_month_dimensions_standing') }}

),

year_dimensions as (

    select * from {{ ref('int_year_dimensions') }}

),

evidence as (

    select * from {{ ref('int_metrics_unpivoted') }}

),

monthly_metrics as (

    select * from {{ ref('monthly_metrics') }}

),

metrics_dated as (

    select
        *,
        cast(extract(year from month_start) as integer) as appraisal_year
    from metrics_scored
    where is_appraised

),

metrics_of_the_years as (

    select * from metrics_dated
    {{ of_the_periods_to_build() }}

),

weighted as (

    select
        metrics_of_the_years.*,
        max(metrics_of_the_years.month_start) over (
            partition by
                metrics_of_the_years.employee_id,
                metrics_of_the_years.appraisal_year,
                metrics_of_the_years.scorecard_id
        ) as last_month_start,
        cast(
            {{ divide(
                'metrics_of_the_years.metric_weight',
                'dimensions_scored.scored_weight',
                10,
                scale=6,
            ) }}
            as decimal(18, 10)
        ) as inside_weight
    from metrics_of_the_years
    inner join dimensions_scored
        on
            metrics_of_the_years.employee_id = dimensions_scored.employee_id
            and metrics_of_the_years.month_start = dimensions_scored.month_start
            and metrics_of_the_years.scorecard_id = dimensions_scored.scorecard_id
            and metrics_of_the_years.dimension_id = dimensions_scored.dimension_id

),

scored as (

    select
        employee_id,
        appraisal_year,
        scorecard_id,
        dimension_id,
        metric_id,
        max_by(target_value, month_start) as target_value,
        max(case when has_evidence then 1 else 0 end) = 1 as has_evidence,
        max(case when missing_policy = 'block' then 1 else 0 end) = 1 as is_blocking,
        sum(
            eligible_days * inside_weight * cast(metric_score as decimal(38, 4))
        ) as weighted_points,
        sum(case when metric_score is not null then eligible_days * inside_weight end)
            as weighted_days
    from weighted
    group by employee_id, appraisal_year, scorecard_id, dimension_id, metric_id

),

-- Evidence that a later record superseded within the year counts once, as the later.
evidence_summed as (

    select
        weighted.employee_id,
        weighted.appraisal_year,
        weighted.scorecard_id,
        weighted.dimension_id,
        weighted.metric_id,
        sum(evidence.numerator) as numerator,
        sum(evidence.denominator) as denominator
    from weighted
    inner join evidence
        on
            weighted.employee_id = evidence.employee_id
            and weighted.metric_id = evidence.metric_id
            and weighted.month_start = evidence.month_start
    where
        evidence.superseded_month is null
        or evidence.superseded_month > weighted.last_month_start
    group by
        weighted.employee_id,
        weighted.appraisal_year,
        weighted.scorecard_id,
        weighted.dimension_id,
        weighted.metric_id

),

values_summed as (

    select
        weighted.employee_id,
        weighted.appraisal_year,
        weighted.scorecard_id,
        weighted.dimension_id,
        weighted.metric_id,
        sum(monthly_metrics.metric_value) as values_total,
        count(monthly_metrics.metric_value) as months_measured
    from weighted
    inner join monthly_metrics
        on
            weighted.employee_id = monthly_metrics.employee_id
            and weighted.metric_id = monthly_metrics.metric_id
            and weighted.month_start = monthly_metrics.month_start
    group by
        weighted.employee_id,
        weighted.appraisal_year,
        weighted.scorecard_id,
        weighted.dimension_id,
        weighted.metric_id

),

joined as (

    select
        scored.employee_id,
        scored.appraisal_year,
        scored.scorecard_id,
        scored.dimension_id,
        scored.metric_id,
        scored.target_value,
        scored.is_blocking and not scored.has_evidence as is_blocked,
        cast(evidence_summed.numerator as decimal(18, 6)) as numerator,
        cast(evidence_summed.denominator as decimal(18, 6)) as denominator,
        cast(
            {{ divide(
                'values_summed.values_total',
                'values_summed.months_measured',
                6,
                scale=6,
            ) }}
            as decimal(18, 6)
        ) as mean_of_months_value,
        cast(
            {{ divide(
                'scored.weighted_points', 'year_dimensions.scored_days', 10
            ) }}
            as decimal(18, 10)
        ) as metric_points,
        -- What the points come from: a mean score, and the weight that it had.
        cast(
            {{ divide('scored.weighted_points', 'scored.weighted_days', 4) }}
            as decimal(9, 4)
        ) as metric_score,
        cast(
            {{ divide(
                'cast(scored.weighted_days as decimal(38, 10))'
                ' * year_dimensions.eligible_days'
                ' * year_dimensions.monthly_share'
                ' * year_dimensions.dimension_weight',
                'year_dimensions.scored_days'
                ' * year_dimensions.scored_scorecards_days'
                ' * year_dimensions.scored_dimension_weight',
                6,
                scale=22,
            ) }}
            as decimal(9, 6)
        ) as effective_weight
    from scored
    inner join year_dimensions
        on
            scored.employee_id = year_dimensions.employee_id
            and scored.appraisal_year = year_dimensions.appraisal_year
            and scored.scorecard_id = year_dimensions.scorecard_id
            and scored.dimension_id = year_dimensions.dimension_id
    left join evidence_summed
        on
            scored.employee_id = evidence_summed.employee_id
            and scored.appraisal_year = evidence_summed.appraisal_year
            and scored.scorecard_id = evidence_summed.scorecard_id
            and scored.dimension_id = evidence_summed.dimension_id
            and scored.metric_id = evidence_summed.metric_id
    left join values_summed
        on
            scored.employee_id = values_summed.employee_id
            and scored.appraisal_year = values_summed.appraisal_year
            and scored.scorecard_id = values_summed.scorecard_id
            and scored.dimension_id = values_summed.dimension_id
            and scored.metric_id = values_summed.metric_id

)

select * from joined
