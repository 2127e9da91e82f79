with

absences as (

    select * from {{ ref('stg_hr__absences') }}

),

remedies as (

    select * from {{ ref('int_remedies_granted') }}
    where remedy = 'exclude_days'

),

-- Days that an objection excludes count as leave.
united as (

    select
        employee_id,
        start_date,
        end_date
    from absences
    union all
    select
        employee_id,
        excluded_from as start_date,
        excluded_to as end_date
    from remedies

)

select * from united
