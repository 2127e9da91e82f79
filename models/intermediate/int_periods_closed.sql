with

steps as (

    select * from {{ ref('int_period_steps') }}

),

versions_due as (

    select * from {{ ref('int_versions_due') }}

),

versions as (

    select * from {{ source('published', 'versions') }}

),

scores as (

    select * from {{ source('published', 'scores') }}

),

employees as (

    select * from {{ ref('stg_hr__employees') }}

),

-- Who has left the exports since has not left what was published.
people as (

    select employee_id from employees
    union
    select employee_id from scores
    where level = 'scorecard'

),

last_steps as (

    select
        people.employee_id,
        steps.period_type,
        steps.period_start,
        steps.step
    from steps
    inner join people on coalesce(steps.employee_id = people.employee_id, true)
    where steps.step != 'objection'
    qualify
        row_number() over (
            partition by people.employee_id, steps.period_type, steps.period_start
            order by steps.stepped_on desc, steps.step_id desc
        ) = 1

),

last_versions as (

    select
        people.employee_id,
        versions.period_type,
        versions.period_start,
        versions.version_number,
        versions.build_id
    from versions
    inner join people on coalesce(versions.employee_id = people.employee_id, true)
    qualify
        row_number() over (
            partition by people.employee_id, versions.period_type, versions.period_start
            order by versions.version_number desc
        ) = 1

),

-- A version that is due is what this build computes.
due as (

    select distinct
        people.employee_id,
        versions_due.period_type,
        versions_due.period_start
    from versions_due
    inner join people
        on coalesce(versions_due.employee_id = people.employee_id, true)

),

closed as (

    select last_versions.*
    from last_versions
    inner join last_steps
        on
            last_versions.employee_id = last_steps.employee_id
            and last_versions.period_type = last_steps.period_type
            and last_versions.period_start = last_steps.period_start
    anti join due
        on
            last_versions.employee_id = due.employee_id
            and last_versions.period_type = due.period_type
            and last_versions.period_start = due.period_start
    where last_steps.step = 'closed'

)

select * from closed
