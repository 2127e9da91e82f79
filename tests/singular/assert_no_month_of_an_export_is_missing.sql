{#- An export that falls silent loses its weight to the others, unseen. -#}
with

as_of as (

    select * from {{ ref('int_as_of') }}

),

export_days as (

    select * from {{ ref('int_export_days') }}

),

attendance as (

    select * from {{ ref('stg_hr__attendance') }}

),

days as (

    select distinct
        table_name,
        recorded_on
    from export_days
    union all
    select distinct
        'attendance' as table_name,
        work_date as recorded_on
    from attendance

),

followed as (

    select
        table_name,
        recorded_on,
        lead(recorded_on) over (
            partition by table_name order by recorded_on
        ) as next_recorded_on
    from days

),

-- The last day is followed by as-of: a stream that ended early is as silent.
silences as (

    select
        followed.table_name,
        followed.recorded_on as silent_after,
        coalesce(followed.next_recorded_on, as_of.as_of_date) as silent_until
    from followed
    cross join as_of

)

-- No month has fewer than 28 days.
select * from silences
where silent_until > silent_after + 28
