-- Personal targets of some agents, agreed by both, by one or by nobody, some in March only; some
-- replaced in June.
create table goals as
with
proposed as (
    select
        *,
        month // 12 * 1000000 + number as goal,
        goal * 2 + month % 12 // 5 as proposal,
        working_day(month_day + 4) as proposed_day,
        if(draw(proposal, 'employee') < 0.85, proposed_day + 2, null) as employee_day,
        if(draw(proposal, 'late') < 0.1, proposed_day + 60, proposed_day + 4) as late_day,
        if(draw(proposal, 'manager') < 0.85, late_day, null) as manager_day,
        one_of(['csat', 'handle_time', 'first_contact_resolution', 'workload'], goal, 'metric')
            as metric_id
    from job_months
    where
        role = 'agent' and proposed_day between since and until - 1
        and draw(goal, 'proposed') < case month % 12 when 0 then 0.25 when 5 then 0.02 else 0 end
)

select
    unnest([proposed_day, employee_day, manager_day]) as landed_on,
    employee_id,
    2024 + month // 12 as appraisal_year,
    metric_id,
    case metric_id
        when 'csat' then whole(proposal, 'target', 85, 95) / 100
        when 'handle_time' then whole(proposal, 'target', 330, 480)
        when 'first_contact_resolution' then whole(proposal, 'target', 70, 85) / 100
        else whole(proposal, 'target', 90, 120) / 100
    end as target_value,
    date_of(proposed_day) as proposed_on,
    known(employee_day, landed_on) as employee_agreed_on,
    known(manager_day, landed_on) as manager_agreed_on
from proposed;

-- Whoever is here on the last day of a month is rated for it by the supervisor and a peer, and for
-- a year by themselves, the supervisor and the head.
create table ratings as
with
criteria (role, period_type, names) as (
    values
    ('agent', 'month', ['accountability', 'collaboration', 'improvement', 'resilience']),
    ('supervisor', 'month', ['coordination']),
    ('qa_specialist', 'month', ['collaboration']),
    (
        'agent', 'year',
        ['professional_competence', 'service_quality', 'teamwork', 'work_performance']
    ),
    (
        'supervisor', 'year',
        [
            'coordination_and_reporting', 'people_development', 'process_improvement',
            'team_performance'
        ]
    ),
    (
        'qa_specialist', 'year',
        ['inspection_output', 'inspection_quality', 'professional_competence', 'teamwork']
    )
),

relations (relation, period_type, kind) as (
    values
    ('supervisor', 'month', 1), ('peer', 'month', 2),
    ('self', 'year', 3), ('supervisor', 'year', 4), ('head', 'year', 5)
),

ratees as (
    select
        *,
        lag(employee_id) over (partition by month, role, team order by number) as peer_id
    from job_months
    where next_month_day - 1 between since and until - 1
),

asked as (
    select
        ratees.*,
        relation,
        period_type,
        kind,
        if(relation = 'peer', ['collaboration'], names) as asked_for,
        unnest(asked_for) as criterion_id,
        person_month * 64 + kind * 8 + list_position(asked_for, criterion_id) as rating,
        case relation
            when 'self' then if(last_day >= next_month_day, employee_id, null)
            when 'peer' then if(role = 'agent', peer_id, null)
            when 'head' then if(role = 'agent', 'E100001', null)
            else supervisor_id
        end as rater_id,
        office_second(
            next_month_day + if(
                period_type = 'year', whole(rating, 'days', 4, 18), whole(rating, 'days', 0, 3)
            ),
            rating,
            'second'
        ) as submitted_s,
        0.38 + 0.55 * skill + 0.3 * draw(rating, 'score')
        - if(relation in ('self', 'peer'), 0.05, 0.12) as impression
    from ratees
    inner join criteria using (role)
    inner join relations using (period_type)
    where period_type = 'month' or month % 12 = 11
)

select
    day_of(submitted_s) as landed_on,
    'G' || (1000000000 + rating) as rating_id,
    employee_id as ratee_id,
    rater_id,
    relation,
    period_type,
    if(period_type = 'month', date_of(month_day), date_trunc('year', date_of(month_day)))
        as period_start,
    criterion_id,
    bounded(cast(round(5 * impression) as integer), 1, 5) as score,
    5 as scale_max,
    instant(submitted_s) as submitted_at
from asked
where rater_id is not null and draw(rating, 'given') < 0.96;

-- Whoever is here at the year's end is talked to late in January, with few forgotten.
create table interviews as
select
    working_day(next_month_day + whole(person_month, 'interview day', 22, 27)) as landed_on,
    'F' || (100000000 + person_month) as interview_id,
    employee_id,
    2024 + month // 12 as appraisal_year,
    supervisor_id as interviewer_id,
    date_of(landed_on) as held_on,
    null as employee_comment
from job_months
where
    month % 12 = 11
    and next_month_day - 1 between since and until - 1
    and supervisor_id is not null
    and draw(person_month, 'interviewed') < 0.96;

-- The year before was published, and nothing is closed: what is measured moves with its records.
create table closings as
select
    0 as landed_on,
    'P2023' as closing_id,
    'year' as period_type,
    date '2023-01-01' as period_start,
    'published' as step,
    date '2024-01-31' as stepped_on,
    null as employee_id,
    null as reason,
    null as approved_by;

-- A decision on the year before, of which nothing is measured.
create table grade_decisions as
select
    0 as landed_on,
    'J2023' as decision_id,
    min(employee_id) as employee_id,
    2023 as appraisal_year,
    'B' as grade_id,
    'Before the records begin' as reason,
    date '2024-01-31' as decided_on,
    'committee' as decided_by
from staff;
