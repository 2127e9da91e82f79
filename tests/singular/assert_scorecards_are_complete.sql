with

metric_weights as (

    select * from {{ ref('metric_weights') }}

),

standard_targets as (

    select * from {{ ref('standard_targets') }}

),

daily_standards as (

    select * from {{ ref('daily_standards') }}

),

metrics as (

    select * from {{ ref('metrics') }}

),

curves as (

    select * from {{ ref('curves') }}

),

problems as (

    select
        metric_weights.scorecard_id,
        metric_weights.metric_id,
        'has a weight, but no target and curve' as problem
    from metric_weights
    left join standard_targets
        on
            metric_weights.scorecard_id = standard_targets.scorecard_id
            and metric_weights.metric_id = standard_targets.metric_id
    where standard_targets.metric_id is null
    union all
    select
        standard_targets.scorecard_id,
        standard_targets.metric_id,
        'has a target, but no weight' as problem
    from standard_targets
    left join metric_weights
        on
            standard_targets.scorecard_id = metric_weights.scorecard_id
            and standard_targets.metric_id = metric_weights.metric_id
    where metric_weights.metric_id is null
    union all
    select
        metric_weights.scorecard_id,
        metric_weights.metric_id,
        'has a weight, but no standard of a working day' as problem
    from metric_weights
    left join daily_standards
        on
            metric_weights.scorecard_id = daily_standards.scorecard_id
            and metric_weights.metric_id = daily_standards.metric_id
    where
        metric_weights.metric_id in ('workload', 'reviews_completed')
        and daily_standards.metric_id is null
    union all
    select
        standard_targets.scorecard_id,
        standard_targets.metric_id,
        'is better ' || metrics.direction || ', but its curve ' || curves.curve_id
        || ' runs ' || curves.direction as problem
    from standard_targets
    inner join metrics on standard_targets.metric_id = metrics.metric_id
    inner join curves on standard_targets.curve_id = curves.curve_id
    where metrics.direction != curves.direction

)

select * from problems
