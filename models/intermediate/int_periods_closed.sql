with

steps as (

    select * from {{ ref('int_period_steps') }}

),

versions_due as (

    select * from {{ ref('int_versions_due') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

versions_kept as (

    select * from {{ source('published', 'versions') }}

),

versions as (

    select versions_kept.*
    from versions_kept
    cross join as_of
    where versions_kept.stepped_on <= as_of.as_of_date

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

-- A step that made a version has happened, even if its row is exported no longer.
steps_taken as (

    select
        period_type,
        period_start,
        step,
        step_id,
        employee_id,
        stepped_on
    from steps
    where step != 'objection'
    union
    select
        period_type,
        period_start,
        step,
        step_id,
        employee_id,
        stepped_on
    from versions
    where step != 'objection'

),

last_steps as (

    select
        people.employee_id,
        steps_taken.period_type,
        steps_taken.period_start,
        steps_taken.step
    from steps_taken
    inner join people on coalesce(steps_taken.employee_id = people.employee_id, true)
    qualify
        row_number() over (
            partition by
                people.employee_id, steps_taken.period_type, steps_taken.period_start
            order by steps_taken.stepped_on desc, steps_taken.step_id desc
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
