with

positions as (

    select * from {{ ref('stg_hr__positions') }}

),

followed as (

    select
        employee_id,
        role_id,
        start_date,
        end_date,
        lead(start_date) over (
            partition by employee_id order by start_date
        ) as next_start_date
    from positions

)

select * from followed
where
    end_date <= start_date
    or (next_start_date is not null and end_date is null)
    or next_start_date < end_date
