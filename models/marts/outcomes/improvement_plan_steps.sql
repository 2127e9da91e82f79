with

outcomes as (

    select * from {{ ref('annual_outcomes') }}
    where has_improvement_plan

),

metrics_assessed as (

    select * from {{ ref('annual_strengths_and_gaps') }}
    where points_lost > 0 and denominator > 0

),

year_metrics as (

    select * from {{ ref('annual_metric_scores') }}

),

milestones as (

    select * from {{ ref('improvement_plan_milestones') }}

),

steps as (

    select * from {{ ref('int_period_steps') }}
    where period_type = 'year' and step = 'published'

),

parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

-- The first publication, so that a later one moves no date.
published as (

    select
        outcomes.employee_id,
        outcomes.appraisal_year,
        min(steps.stepped_on) as published_on
    from outcomes
    inner join steps
        on
            outcomes.appraisal_year = extract(year from steps.period_start)
            and coalesce(outcomes.employee_id = steps.employee_id, true)
    group by outcomes.employee_id, outcomes.appraisal_year

),

-- A metric of two scorecards is named once, where it costs most.
costliest as (

    select
        metrics_assessed.*,
        outcomes.final_grade_id
    from outcomes
    inner join metrics_assessed
        on
            outcomes.employee_id = metrics_assessed.employee_id
            and outcomes.appraisal_year = metrics_assessed.appraisal_year
    qualify
        row_number() over (
            partition by
                metrics_assessed.employee_id,
                metrics_assessed.appraisal_year,
                metrics_assessed.metric_id
            order by metrics_assessed.rank_by_points_lost
        ) = 1

),

placed as (

    select
        *,
        row_number() over (
            partition by employee_id, appraisal_year order by rank_by_points_lost
        ) as metric_place
    from costliest

),

named as (

    select placed.*
    from placed
    cross join parameters
    where placed.metric_place <= parameters.improvement_plan_metrics

)

select
    named.employee_id,
    named.appraisal_year,
    milestones.milestone_id,
    named.metric_id,
    milestones.name_en as milestone_name_en,
    milestones.name_zh as milestone_name_zh,
    named.final_grade_id,
    cast(published.published_on + milestones.days_after_publication as date) as due_on,
    cast(named.metric_place as bigint) as metric_place,
    named.mean_metric_score,
    named.points_lost,
    year_metrics.metric_value,
    year_metrics.target_value
from named
cross join milestones
left join published
    on
        named.employee_id = published.employee_id
        and named.appraisal_year = published.appraisal_year
left join year_metrics
    on
        named.employee_id = year_metrics.employee_id
        and named.appraisal_year = year_metrics.appraisal_year
        and named.scorecard_id = year_metrics.scorecard_id
        and named.dimension_id = year_metrics.dimension_id
        and named.metric_id = year_metrics.metric_id
