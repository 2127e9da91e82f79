-- Two exams a quarter; most who fail sit the same exam again two weeks later.
create table exams as
with
sat as (
    select
        *,
        working_day(month_day + 9 + place) as day,
        person_month * 2 + place as sitting,
        draw(sitting, 'excused') < 0.015 as is_excused,
        is_excused or draw(sitting, 'missed') < 0.04 * (1.2 - reliability) as is_missed,
        cast(bounded(53 + 45 * knowledge + 16 * draw(sitting, 'marks'), 0, 100) as integer)
            as marks,
        not is_missed and marks < 80 and draw(sitting, 'again') < 0.8 as sits_again
    from job_months
    cross join (values ('product', 0), ('policy', 1)) as subjects (subject, place)
    where month % 3 = 2 and role in ('agent', 'qa_specialist') and day between since and until - 1
)

select
    unnest(if(sits_again, [1, 2], [1])) as attempt,
    if(attempt = 1, day, working_day(day + 14)) as exam_day,
    if(exam_day <= last_day, exam_day, null) as landed_on,
    'X' || (2024 + month // 12) || 'Q' || (month % 12 // 3 + 1) as exam_id,
    employee_id,
    subject,
    instant(exam_day * 86400 + 50400) as taken_at,
    case
        when is_missed then null
        when attempt = 1 then marks
        else least(marks + whole(sitting, 'learnt', 2, 18), 100)
    end as score,
    100 as max_score,
    0.8 as pass_share,
    is_excused
from sat;

create table trainings as
with
assigned as (
    select
        *,
        working_day(month_day + 4) as assigned_day,
        case
            when draw(person_month, 'in time') < 0.55 + 0.45 * reliability
                then assigned_day + whole(person_month, 'days', 3, 35)
            when draw(person_month, 'at all') < 0.6
                then assigned_day + 35 + whole(person_month, 'days', 1, 30)
        end as finished_day,
        if(finished_day <= last_day, finished_day, null) as completed_day
    from job_months
    where role in ('agent', 'qa_specialist') and assigned_day between since and until - 1
)

select
    unnest([assigned_day, completed_day]) as landed_on,
    'A' || (100000000 + person_month) as assignment_id,
    employee_id,
    one_of(['Product news', 'Service skills'], month, 'course')
    || strftime(date_of(month_day), ' %Y-%m') as course,
    date_of(assigned_day) as assigned_on,
    date_of(assigned_day + 35) as due_on,
    known(completed_day, landed_on) as completed_on,
    one_of([1.5, 2, 3], person_month, 'hours') as hours
from assigned;

create table coaching_sessions as
select
    office_second(month_day + whole(person_month, 'day', 0, 25), person_month, 'second') as held_s,
    day_of(held_s) as landed_on,
    'H' || (100000000 + person_month) as session_id,
    supervisor_id as coach_id,
    employee_id,
    instant(held_s) as held_at,
    one_of(
        ['csat', 'first_contact_resolution', 'handle_time', 'ticket_first_reply'],
        person_month,
        'metric'
    ) as metric_id
from job_months
where
    role = 'agent' and landed_on between since and until - 1
    and draw(person_month, 'held') < 0.6 + 0.4 * supervisor_reliability;
