{#- 90 is not 90 %: a target or a curve in another unit scores everybody alike. -#}
with

metrics as (

    select * from {{ ref('metrics') }}

),

standard_targets as (

    select * from {{ ref('standard_targets') }}

),

curve_points as (

    select * from {{ ref('curve_points') }}

),

goals as (

    select * from {{ ref('stg_appraisal__goals') }}

),

targets as (

    select
        scorecard_id as whose,
        metric_id,
        target_value
    from standard_targets
    union all
    select
        employee_id as whose,
        metric_id,
        target_value
    from goals

),

outside as (

    select
        targets.whose,
        targets.metric_id,
        'the target ' || cast(targets.target_value as string)
        || ' is out of the range of the metric' as problem
    from targets
    inner join metrics on targets.metric_id = metrics.metric_id
    where
        targets.target_value > metrics.maximum_value
        or targets.target_value < metrics.minimum_value

),

-- From the metric's lowest value to its highest, the curve has to pass a point.
flat as (

    select
        standard_targets.scorecard_id as whose,
        standard_targets.metric_id,
        'the curve ' || standard_targets.curve_id
        || ' is flat in the range of the metric' as problem
    from standard_targets
    inner join metrics on standard_targets.metric_id = metrics.metric_id
    inner join curve_points on standard_targets.curve_id = curve_points.curve_id
    group by
        standard_targets.scorecard_id,
        standard_targets.metric_id,
        standard_targets.curve_id,
        metrics.minimum_value,
        metrics.maximum_value
    having
        min(curve_points.value) >= metrics.maximum_value
        or max(curve_points.value) <= metrics.minimum_value

)

select * from outside
union all
select * from flat
