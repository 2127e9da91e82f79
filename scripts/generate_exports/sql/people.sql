-- Everybody, with traits from 0 to 1 near an overall skill.
create table staff as
select
    *,
    'E' || (100000 + number) as employee_id,
    0.1 + 0.8 * (draw(number, 'a') + draw(number, 'b') + draw(number, 'c')) / 3
    + 0.1 * draw(number, 'd') as skill,
    bounded(skill + 0.4 * draw(number, 'customer skill') - 0.2, 0, 1) as customer_skill,
    bounded(skill + 0.4 * draw(number, 'speed') - 0.2, 0, 1) as speed,
    bounded(skill + 0.4 * draw(number, 'knowledge') - 0.2, 0, 1) as knowledge,
    bounded(skill + 0.4 * draw(number, 'reliability') - 0.2, 0, 1) as reliability
from people;

create table employees as
select
    unnest([greatest(hired, 0), last_day]) as landed_on,
    employee_id,
    'Made-up Person ' || number as full_name,
    date_of(hired) as hire_date,
    known(last_day, landed_on) as termination_date,
    if(last_day <= landed_on, reason, null) as termination_reason
from staff;

-- Positions, `since` a day and `until` before another.
create table jobs as
select
    positions_held.*,
    staff.* exclude (number),
    leads.employee_id as supervisor_id,
    leads.reliability as supervisor_reliability
from positions_held
inner join staff using (number)
left join staff as leads on positions_held.supervisor = leads.number;

create view job_months as
select *, month * 1000000 + number as person_month
from jobs
cross join months;

create view job_days as
select jobs.*, days.*
from jobs
inner join days on since <= day and until > day;

-- A position comes again on its last day, with its end.
create table positions as
select
    unnest([greatest(since, 0), until - 1]) as landed_on,
    employee_id,
    role as role_id,
    team as team_id,
    supervisor_id,
    is_probation,
    date_of(since) as start_date,
    known(until, landed_on + 1) as end_date
from jobs;

-- Leave: some days now and then, rarely some months. Sick leave may be extended.
create table leaves as
with
planned as (
    select
        *,
        number * 100 + month as leave,
        month_day + whole(leave, 'leave day', 0, 27) as start_day,
        if(
            draw(leave, 'long leave') < 0.002,
            'parental',
            one_of(['annual', 'annual', 'sick', 'personal'], leave, 'leave')
        ) as absence_type,
        start_day + case absence_type
            when 'parental' then whole(leave, 'leave days', 60, 140)
            when 'annual' then whole(leave, 'leave days', 1, 6)
            when 'sick' then whole(leave, 'leave days', 0, 2)
            else 0
        end as planned_end_day,
        planned_end_day + if(
            absence_type = 'sick' and draw(leave, 'extended') < 0.2,
            whole(leave, 'extension', 1, 5),
            0
        ) as end_day
    from staff
    cross join months
    where draw(leave, 'leave at all') < 0.3
)

select * from planned
where start_day > hired and end_day <= last_day;

create table absences as
select
    if(absence_type = 'sick', start_day, greatest(start_day - 10, hired, 0)) as planned_on,
    if(end_day > planned_end_day, planned_end_day, null) as extended_on,
    unnest([planned_on, extended_on]) as landed_on,
    employee_id,
    absence_type,
    date_of(start_day) as start_date,
    date_of(if(landed_on >= extended_on, end_day, planned_end_day)) as end_date
from leaves;

-- The days on which people were to work and had no leave.
create table work_days as
with
leave_days as (
    select distinct number, unnest(range(start_day, end_day + 1)) as day
    from leaves
)

select
    *,
    number * 10000 + day as person_day,
    draw(person_day, 'unexcused') < 0.006 * (1.1 - reliability) as is_unexcused,
    if(
        draw(person_day, 'late') < 0.12 * (1.1 - reliability),
        whole(person_day, 'late minutes', 1, 45),
        0
    ) as late_minutes
from job_days
anti join leave_days using (number, day)
where
    day >= getvariable('first_day_needed')
    and day < getvariable('end_day_needed')
    and role != 'head'
    and if(
        role = 'agent',
        draw(person_day, 'shift') < if(is_working_day, 0.86, 0.35),
        is_working_day
    );

-- Some days are entered late, and some lateness is forgiven afterwards.
create table attendance as
select
    day + if(draw(person_day, 'entered late') < 0.003, 2, 0) as entered_on,
    late_minutes > 0 and draw(person_day, 'forgiven') < 0.05 as is_forgiven,
    unnest(if(is_forgiven, [entered_on, entered_on + 3], [entered_on])) as landed_on,
    employee_id,
    date_of(day) as work_date,
    480 as scheduled_minutes,
    if(is_unexcused, 0, 480 - late_minutes) as worked_minutes,
    if(is_unexcused or landed_on > entered_on + 2, 0, late_minutes) as late_minutes,
    is_unexcused
from work_days;

create table violations as
select
    number * 100 + month as violation,
    month_day + whole(violation, 'violation day', 0, 27) as day,
    day + 2 as landed_on,
    'V' || (100000000 + violation) as violation_id,
    employee_id,
    date_of(day) as occurred_on,
    one_of(['attendance', 'attendance', 'conduct', 'confidentiality'], violation, 'rule')
        as category,
    case category when 'attendance' then 5 when 'conduct' then 10 else 20 end as points
from staff
cross join months
where
    day >= hired and day <= last_day
    and draw(violation, 'violation') < 0.02 * (1.1 - reliability);

-- Who takes contacts, or reviews them, on a day: seats from 0. Whoever soon changes the role gets
-- no tickets any more and sits last. Where everybody is away, somebody is called in.
create table duty as
select
    job_days.role,
    job_days.day,
    not coalesce(work_days.is_unexcused, true) as is_present,
    is_present and job_days.role_ends > job_days.day + 25 as takes_tickets,
    row_number() over (
        partition by job_days.role, job_days.day
        order by is_present desc, job_days.role_ends > job_days.day + 25 desc, job_days.number
    ) - 1 as seat,
    {
        'employee_id': job_days.employee_id,
        'customer_skill': job_days.customer_skill,
        'speed': job_days.speed,
        'knowledge': job_days.knowledge,
        'reliability': job_days.reliability
    } as person
from job_days
left join work_days on job_days.number = work_days.number and job_days.day = work_days.day
where
    job_days.day >= getvariable('first_day_needed')
    and job_days.day < getvariable('end_day_needed')
    and job_days.role in ('agent', 'qa_specialist');

create table staffed_days as
select
    days.*,
    greatest(count(*) filter (where role = 'agent' and is_present), 1) as call_staff,
    greatest(count(*) filter (where role = 'agent' and takes_tickets), 1) as ticket_staff,
    greatest(count(*) filter (where role = 'qa_specialist' and is_present), 1) as qa_staff
from days
inner join duty using (day)
group by all;
