with

standard_targets as (

    select * from {{ ref('standard_targets') }}

),

metrics as (

    select * from {{ ref('metrics') }}

),

scorecards as (

    select * from {{ ref('scorecards') }}

),

curve_segments as (

    select * from {{ ref('int_curve_segments') }}

),

targets as (

    select
        standard_targets.scorecard_id,
        standard_targets.metric_id,
        standard_targets.curve_id,
        standard_targets.target_value,
        scorecards.score_cap
    from standard_targets
    inner join metrics on standard_targets.metric_id = metrics.metric_id
    inner join scorecards on standard_targets.scorecard_id = scorecards.scorecard_id
    where metrics.direction = 'zone'

),

-- The score of the target, kept as a fraction.
scored as (

    select
        targets.*,
        case
            when curve_segments.low_score = curve_segments.high_score
                then cast(1 as decimal(14, 4))
            else
                cast(
                    curve_segments.high_value - curve_segments.low_value
                    as decimal(14, 4)
                )
        end as score_denominator,
        case
            when curve_segments.low_score = curve_segments.high_score
                then cast(curve_segments.low_score as decimal(22, 8))
            else
                cast(
                    curve_segments.low_score
                    * (curve_segments.high_value - curve_segments.low_value)
                    + (targets.target_value - curve_segments.low_value)
                    * (curve_segments.high_score - curve_segments.low_score)
                    as decimal(22, 8)
                )
        end as score_numerator
    from targets
    inner join curve_segments on targets.curve_id = curve_segments.curve_id
    where
        (
            curve_segments.low_value is null
            or targets.target_value >= curve_segments.low_value
        )
        and (
            curve_segments.high_value is null
            or targets.target_value < curve_segments.high_value
        )

),

capped as (

    select
        scorecard_id,
        metric_id,
        curve_id,
        target_value,
        score_denominator,
        least(
            score_numerator, cast(score_cap * score_denominator as decimal(22, 8))
        ) as score_numerator
    from scored

),

segments as (

    select
        capped.*,
        curve_segments.low_value,
        curve_segments.high_value,
        curve_segments.low_score,
        curve_segments.high_score,
        curve_segments.low_score * capped.score_denominator
        >= capped.score_numerator as starts_inside,
        curve_segments.high_score * capped.score_denominator
        >= capped.score_numerator as ends_inside
    from capped
    inner join curve_segments on capped.curve_id = curve_segments.curve_id

),

-- Where the curve crosses the score of the target, inside one of its segments.
crossed as (

    select
        *,
        case
            when starts_inside != ends_inside
                then
                    low_value + {{ divide(
                        'abs(score_numerator'
                        ' - cast(low_score * score_denominator as decimal(22, 8)))'
                        ' * cast(high_value - low_value as decimal(14, 4))',
                        'abs(high_score - low_score) * score_denominator',
                        6,
                    ) }}
        end as crossing_value
    from segments

),

-- An open end of the curve that scores as much is an open end of the zone.
bounded as (

    select
        scorecard_id,
        metric_id,
        target_value,
        cast(
            case
                when
                    max(case when low_value is null and starts_inside then 1 else 0 end)
                    = 0
                    then
                        min(
                            least(
                                case when starts_inside then low_value end,
                                crossing_value,
                                case when ends_inside then high_value end
                            )
                        )
            end as decimal(18, 6)
        ) as zone_from,
        cast(
            case
                when
                    max(case when high_value is null and ends_inside then 1 else 0 end)
                    = 0
                    then
                        max(
                            greatest(
                                case when starts_inside then low_value end,
                                crossing_value,
                                case when ends_inside then high_value end
                            )
                        )
            end as decimal(18, 6)
        ) as zone_to
    from crossed
    group by scorecard_id, metric_id, target_value

)

select * from bounded
