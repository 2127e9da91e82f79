with

agents as (

    select * from {{ source('servicing', 'agents') }}

),

-- The roster is of today: earlier teams and probation are not known.
mapped as (

    select
        agent_id as employee_id,
        'agent' as role_id,
        team as team_id,
        cast(null as string) as supervisor_id,
        'false' as is_probation,
        hire_date as start_date,
        cast(null as string) as end_date
    from agents

)

select * from mapped
