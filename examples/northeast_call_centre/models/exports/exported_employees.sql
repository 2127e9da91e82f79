with

agents as (

    select * from {{ source('call_centre', 'agents') }}

),

-- The roster knows no hire dates. Everyone took calls in every month of 2024.
mapped as (

    select
        agent_id as employee_id,
        agent_name as full_name,
        '2024-01-01' as hire_date,
        cast(null as string) as termination_date,
        cast(null as string) as termination_reason
    from agents

)

select * from mapped
