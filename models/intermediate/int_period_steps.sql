with

closings as (

    select * from {{ ref('stg_appraisal__closings') }}

),

objections as (

    select * from {{ ref('int_objections_judged') }}
    where state = 'upheld' and period_type is not null

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

stepped as (

    select closings.*
    from closings
    cross join as_of
    where closings.stepped_on <= as_of.as_of_date

),

-- What moves a month moves its year.
objected as (

    select
        objection_id,
        employee_id,
        decided_on,
        period_type,
        period_start
    from objections
    union all
    select
        objection_id,
        employee_id,
        decided_on,
        'year' as period_type,
        cast(date_trunc('year', period_start) as date) as period_start
    from objections
    where period_type = 'month'

),

-- Before anything was published there is nothing to mend.
mended as (

    select distinct objected.*
    from objected
    inner join stepped
        on
            objected.period_type = stepped.period_type
            and objected.period_start = stepped.period_start
            and objected.decided_on >= stepped.stepped_on
    where coalesce(stepped.employee_id = objected.employee_id, true)

),

united as (

    select
        period_type,
        period_start,
        step,
        closing_id as step_id,
        employee_id,
        stepped_on,
        reason,
        approved_by
    from stepped
    union all
    select
        period_type,
        period_start,
        'objection' as step,
        objection_id as step_id,
        employee_id,
        decided_on as stepped_on,
        'an objection was upheld' as reason,
        cast(null as string) as approved_by
    from mended

)

select * from united
