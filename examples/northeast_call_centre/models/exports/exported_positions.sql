with

agents as (

    select * from {{ source('call_centre', 'agents') }}

),

mapped as (

    select
        agent_id as employee_id,
        'agent' as role_id,
        call_center_id as team_id,
        cast(null as string) as supervisor_id,
        'false' as is_probation,
        '2024-01-01' as start_date,
        cast(null as string) as end_date
    from agents

)

select * from mapped
