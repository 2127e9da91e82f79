with

metrics_asked as (

    select * from {{ ref('int_metrics_asked') }}

),

metrics_windowed as (

    select * from {{ ref('int_metrics_windowed') }}

),

curve_segments as (

    select * from {{ ref('int_curve_segments') }}

),

joined as (

    select
        metrics_asked.*,
        metrics_windowed.pooled_from_month,
        metrics_windowed.numerator,
        metrics_windowed.denominator,
        metrics_windowed.missing_reason,
        metrics_windowed.missing_reason is null as has_evidence,
        coalesce(
            metrics_asked.personal_target_value, metrics_asked.standard_target_value
        ) as target_value
    from metrics_asked
    inner join metrics_windowed
        on
            metrics_asked.employee_id = metrics_windowed.employee_id
            and metrics_asked.month_start = metrics_windowed.month_start
            and metrics_asked.scorecard_id = metrics_windowed.scorecard_id
            and metrics_asked.dimension_id = metrics_windowed.dimension_id
            and metrics_asked.metric_id = metrics_windowed.metric_id

),

-- The curve is read at value × standard target / personal target, kept as a fraction so
-- that the score is rounded once. Without evidence, `neutral` reads it at the target.
positioned as (

    select
        *,
        case
            when not has_evidence and missing_policy = 'neutral'
                then cast(standard_target_value as decimal(38, 10))
            when not has_evidence then null
            when personal_target_value is null then cast(numerator as decimal(38, 10))
            else cast(numerator as decimal(38, 6)) * standard_target_value
        end as reading_numerator,
        case
            when not has_evidence then cast(1 as decimal(38, 10))
            when personal_target_value is null
                then cast(denominator as decimal(38, 10))
            else cast(denominator as decimal(38, 6)) * personal_target_value
        end as reading_denominator
    from joined

),

read as (

    select
        positioned.*,
        curve_segments.low_score,
        curve_segments.high_score,
        curve_segments.high_value - curve_segments.low_value as segment_width,
        positioned.reading_numerator
        - curve_segments.low_value * positioned.reading_denominator as distance
    from positioned
    left join curve_segments
        on
            positioned.curve_id = curve_segments.curve_id
            and (
                curve_segments.low_value is null
                or positioned.reading_numerator
                >= curve_segments.low_value * positioned.reading_denominator
            )
            and (
                curve_segments.high_value is null
                or positioned.reading_numerator
                < curve_segments.high_value * positioned.reading_denominator
            )

),

scored as (

    select
        *,
        case
            when not has_evidence and missing_policy = 'zero' then 0
            when low_score = high_score or segment_width is null then low_score
            else {{ divide(
                'low_score * segment_width * reading_denominator'
                ' + distance * (high_score - low_score)',
                'segment_width * reading_denominator',
                4,
                scale=18,
            ) }}
        end as curve_score
    from read

)

select
    employee_id,
    month_start,
    scorecard_id,
    dimension_id,
    metric_id,
    eligible_days,
    is_appraised,
    dimension_weight,
    metric_weight,
    missing_policy,
    pooled_from_month,
    numerator,
    denominator,
    cast(target_value as decimal(18, 4)) as target_value,
    personal_target_value is not null as has_personal_target,
    has_evidence,
    missing_reason,
    cast(
        case when curve_score > score_cap then score_cap else curve_score end
        as decimal(9, 4)
    ) as metric_score
from scored
{{ of_the_periods_to_build() }}
