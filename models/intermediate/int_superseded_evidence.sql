with

exams as (

    select * from {{ ref('int_exams_credited') }}

),

succession_plans as (

    select * from {{ ref('stg_operations__succession_plans') }}

),

plans as (

    select
        supervisor_id as employee_id,
        'bench_strength' as metric_id,
        cast(date_trunc('month', as_of) as date) as month_start,
        lead(cast(date_trunc('month', as_of) as date)) over (
            partition by supervisor_id order by as_of
        ) as superseded_month,
        least(ready_successors, key_positions) as numerator,
        key_positions as denominator
    from succession_plans

),

united as (

    select
        employee_id,
        'product_knowledge' as metric_id,
        month_start,
        superseded_month,
        cast(points as decimal(18, 6)) as numerator,
        cast(1 as decimal(18, 6)) as denominator
    from exams
    union all
    select
        employee_id,
        metric_id,
        month_start,
        superseded_month,
        cast(numerator as decimal(18, 6)) as numerator,
        cast(denominator as decimal(18, 6)) as denominator
    from plans

),

-- Superseded in its own month, a record never counted.
lasting as (

    select * from united
    where superseded_month is null or superseded_month > month_start

)

select * from lasting
