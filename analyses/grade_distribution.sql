-- Grades of each team's year. A reading, no rule: no grade is changed to fit a quota.
with

annual_scorecards as (

    select * from {{ ref('annual_scorecards') }}

),

employees as (

    select * from {{ ref('employees') }}

),

counted as (

    select
        annual_scorecards.appraisal_year,
        employees.team_id,
        annual_scorecards.grade_id,
        count(*) as people,
        sum(count(*)) over (
            partition by annual_scorecards.appraisal_year, employees.team_id
        ) as people_graded
    from annual_scorecards
    inner join employees on annual_scorecards.employee_id = employees.employee_id
    where annual_scorecards.grade_id is not null
    group by
        annual_scorecards.appraisal_year,
        employees.team_id,
        annual_scorecards.grade_id

)

select
    appraisal_year,
    team_id,
    grade_id,
    people,
    people_graded,
    round(100.0 * people / people_graded, 1) as percent_of_team
from counted
order by appraisal_year, team_id, grade_id
