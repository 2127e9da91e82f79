with

trainings as (

    select * from {{ ref('int_trainings_credited') }}

),

superseded_evidence as (

    select * from {{ ref('int_superseded_evidence') }}

),

exams_summed as (

    select
        employee_id,
        month_start,
        sum(denominator) as exams,
        sum(numerator) as exam_points,
        0 as training_hours_due,
        0 as training_hours_completed
    from superseded_evidence
    where metric_id = 'product_knowledge'
    group by employee_id, month_start

),

trainings_summed as (

    select
        employee_id,
        cast(date_trunc('month', due_on) as date) as month_start,
        0 as exams,
        0 as exam_points,
        sum(hours_due) as training_hours_due,
        sum(hours_completed) as training_hours_completed
    from trainings
    group by employee_id, cast(date_trunc('month', due_on) as date)

),

united as (

    select * from exams_summed
    union all
    select * from trainings_summed

),

summed as (

    select
        employee_id,
        month_start,
        cast(sum(exams) as bigint) as exams,
        cast(sum(exam_points) as decimal(18, 6)) as exam_points,
        cast(sum(training_hours_due) as decimal(18, 6)) as training_hours_due,
        cast(sum(training_hours_completed) as decimal(18, 6))
            as training_hours_completed
    from united
    group by employee_id, month_start

)

select * from summed
