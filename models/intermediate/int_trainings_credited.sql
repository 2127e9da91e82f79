with

trainings as (

    select * from {{ ref('stg_learning__trainings') }}

),

absences as (

    select * from {{ ref('int_absences_granted') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

-- Nobody has to finish a training while on leave; who did so has finished it.
due_on_leave as (

    select distinct trainings.assignment_id
    from trainings
    inner join absences
        on
            trainings.employee_id = absences.employee_id
            and trainings.due_on >= absences.start_date
            and trainings.due_on <= absences.end_date
    where coalesce(trainings.completed_on > trainings.due_on, true)

),

credited as (

    select
        trainings.assignment_id,
        trainings.employee_id,
        trainings.due_on,
        trainings.hours as hours_due,
        case
            when trainings.completed_on <= trainings.due_on then trainings.hours
            else 0
        end as hours_completed
    from trainings
    cross join as_of
    left join due_on_leave on trainings.assignment_id = due_on_leave.assignment_id
    where
        trainings.due_on <= as_of.as_of_date
        and due_on_leave.assignment_id is null

)

select * from credited
