with

steps as (

    select * from {{ ref('int_period_steps') }}
    where step != 'reopened'

),

versions as (

    select * from {{ source('published', 'versions') }}

),

counted as (

    select
        period_type,
        period_start,
        max(version_number) as versions
    from versions
    group by period_type, period_start

),

due as (

    select steps.*
    from steps
    anti join versions
        on
            steps.period_type = versions.period_type
            and steps.period_start = versions.period_start
            and steps.step = versions.step
            and steps.step_id = versions.step_id

),

numbered as (

    select
        due.*,
        coalesce(counted.versions, 0)
        + row_number() over (
            partition by due.period_type, due.period_start
            order by due.stepped_on, due.step_id, due.step
        ) as version_number
    from due
    left join counted
        on
            due.period_type = counted.period_type
            and due.period_start = counted.period_start

)

select * from numbered
