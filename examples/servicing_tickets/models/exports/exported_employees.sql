with

agents as (

    select * from {{ source('servicing', 'agents') }}

),

mapped as (

    select
        agent_id as employee_id,
        agent_name as full_name,
        hire_date,
        cast(null as string) as termination_date,
        cast(null as string) as termination_reason
    from agents

)

select * from mapped
