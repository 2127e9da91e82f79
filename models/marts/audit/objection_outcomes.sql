with

objections as (

    select * from {{ ref('int_objections_judged') }}

),

versions as (

    select * from {{ source('published', 'versions') }}

),

scores as (

    select * from {{ source('published', 'scores') }}
    where level = 'scorecard'

),

made as (

    select
        objections.objection_id,
        min(versions.version_number) as version_after
    from objections
    inner join versions
        on
            objections.objection_id = versions.step_id
            and objections.period_type = versions.period_type
            and objections.period_start = versions.period_start
    where versions.step = 'objection'
    group by objections.objection_id

),

-- While nothing came of it, what stands now is what it objects to.
beside as (

    select
        objections.objection_id,
        max(versions.version_number) as version_before
    from objections
    inner join versions
        on
            objections.period_type = versions.period_type
            and objections.period_start = versions.period_start
    left join made on objections.objection_id = made.objection_id
    where
        coalesce(versions.employee_id = objections.employee_id, true)
        and coalesce(versions.version_number < made.version_after, true)
    group by objections.objection_id

),

scored as (

    select
        versions.period_type,
        versions.period_start,
        versions.version_number,
        scores.employee_id,
        coalesce(scores.annual_score, scores.monthly_score) as score
    from versions
    inner join scores
        on
            versions.period_type = scores.period_type
            and versions.period_start = scores.period_start
            and versions.build_id = scores.build_id
    qualify
        row_number() over (
            partition by
                versions.period_type,
                versions.period_start,
                versions.version_number,
                scores.employee_id
            order by scores.eligible_days desc, scores.scorecard_id asc
        ) = 1

)

select
    objections.objection_id,
    objections.employee_id,
    objections.period_type,
    objections.period_start,
    objections.target_type,
    objections.target_id,
    objections.filed_on,
    objections.published_on,
    objections.filing_due_on,
    objections.is_filed_late,
    objections.decision_due_on,
    objections.decided_on,
    objections.is_decided_late,
    objections.outcome,
    objections.state,
    objections.remedy,
    beside.version_before,
    before.score as score_before,
    made.version_after,
    after.score as score_after
from objections
left join made on objections.objection_id = made.objection_id
left join beside on objections.objection_id = beside.objection_id
left join scored as before
    on
        objections.employee_id = before.employee_id
        and objections.period_type = before.period_type
        and objections.period_start = before.period_start
        and beside.version_before = before.version_number
left join scored as after
    on
        objections.employee_id = after.employee_id
        and objections.period_type = after.period_type
        and objections.period_start = after.period_start
        and made.version_after = after.version_number
