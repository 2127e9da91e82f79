with

score_explanations as (

    select * from {{ ref('score_explanations') }}

),

monthly_scorecards as (

    select * from {{ ref('monthly_scorecards') }}

),

annual_scorecards as (

    select * from {{ ref('annual_scorecards') }}

),

scores as (

    select
        employee_id,
        'month' as period_type,
        month_start as period_start,
        scorecard_id,
        monthly_score as score
    from monthly_scorecards
    union all
    select
        employee_id,
        'year' as period_type,
        make_date(appraisal_year, 1, 1) as period_start,
        cast(null as string) as scorecard_id,
        annual_score as score
    from annual_scorecards

),

explained as (

    select
        employee_id,
        period_type,
        period_start,
        case when period_type = 'month' then scorecard_id end as scorecard_id,
        sum(contribution) as contribution,
        count(*) filter (where sentence is null) as silent_rows
    from score_explanations
    group by
        employee_id,
        period_type,
        period_start,
        case when period_type = 'month' then scorecard_id end

),

compared as (

    select
        scores.employee_id,
        scores.period_type,
        scores.period_start,
        scores.scorecard_id,
        scores.score,
        explained.contribution,
        explained.silent_rows
    from scores
    left join explained
        on
            scores.employee_id = explained.employee_id
            and scores.period_type = explained.period_type
            and scores.period_start = explained.period_start
            and scores.scorecard_id is not distinct from explained.scorecard_id

)

select * from compared
where score is distinct from contribution or silent_rows > 0
