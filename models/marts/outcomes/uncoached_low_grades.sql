with

outcomes as (

    select * from {{ ref('annual_outcomes') }}
    where has_improvement_plan

),

gaps as (

    select * from {{ ref('annual_strengths_and_gaps') }}
    where assessment = 'gap'

),

coaching_sessions as (

    select * from {{ ref('stg_learning__coaching_sessions') }}
    where {{ known_by_as_of('held_at') }}

),

time_zone_offsets as (

    select * from {{ ref('int_time_zone_offsets') }}

),

dated as (

    select
        coaching_sessions.employee_id,
        coaching_sessions.metric_id,
        cast(
            extract(
                year from {{ add_seconds(
                    'coaching_sessions.held_at', 'time_zone_offsets.offset_seconds'
                ) }}
            ) as integer
        ) as appraisal_year
    from coaching_sessions
    inner join time_zone_offsets
        on
            coaching_sessions.held_at >= time_zone_offsets.valid_from_at
            and coaching_sessions.held_at < time_zone_offsets.valid_to_at

),

sessions_counted as (

    select
        employee_id,
        appraisal_year,
        count(*) as sessions
    from dated
    group by employee_id, appraisal_year

),

metrics_coached as (

    select distinct
        employee_id,
        appraisal_year,
        metric_id
    from dated

),

-- Where no session is exported at all, nobody knows who was coached.
years_known as (

    select distinct appraisal_year from dated

),

weakest as (

    select
        gaps.*,
        outcomes.final_grade_id
    from outcomes
    inner join gaps
        on
            outcomes.employee_id = gaps.employee_id
            and outcomes.appraisal_year = gaps.appraisal_year
    semi join years_known on outcomes.appraisal_year = years_known.appraisal_year
    qualify
        row_number() over (
            partition by gaps.employee_id, gaps.appraisal_year, gaps.metric_id
            order by gaps.rank_by_points_lost
        ) = 1

),

uncoached as (

    select weakest.*
    from weakest
    anti join metrics_coached
        on
            weakest.employee_id = metrics_coached.employee_id
            and weakest.appraisal_year = metrics_coached.appraisal_year
            and weakest.metric_id = metrics_coached.metric_id

)

select
    uncoached.employee_id,
    uncoached.appraisal_year,
    uncoached.metric_id,
    uncoached.final_grade_id,
    uncoached.mean_metric_score,
    uncoached.points_lost,
    coalesce(sessions_counted.sessions, 0) as other_sessions
from uncoached
left join sessions_counted
    on
        uncoached.employee_id = sessions_counted.employee_id
        and uncoached.appraisal_year = sessions_counted.appraisal_year
