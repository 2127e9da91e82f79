create table suggestions as
with
submitted as (
    select
        *,
        working_day(month_day + whole(person_month, 'day', 0, 27)) as submitted_day,
        working_day(submitted_day + whole(person_month, 'days to decide', 3, 25)) as decided_day,
        draw(person_month, 'accepted') < 0.25 + 0.6 * skill as is_accepted,
        if(
            is_accepted and draw(person_month, 'implemented') < 0.5,
            working_day(decided_day + whole(person_month, 'days to implement', 5, 60)),
            null
        ) as implemented_day
    from job_months
    where
        role != 'head' and submitted_day between since and until - 1
        and draw(person_month, 'made') < 0.05 + 0.2 * skill
)

select
    unnest([submitted_day, decided_day, implemented_day]) as landed_on,
    'N' || (100000000 + person_month) as suggestion_id,
    employee_id,
    date_of(submitted_day) as submitted_on,
    known(decided_day, landed_on) as decided_on,
    known(implemented_day, landed_on) as implemented_on,
    case
        when implemented_day <= landed_on then 'implemented'
        when decided_day <= landed_on then if(is_accepted, 'accepted', 'rejected')
        else 'submitted'
    end as status
from submitted;

-- One every other month and supervisor; a few are cancelled, some never verified.
create table improvements as
with
planned as (
    select
        *,
        next_month_day - 4 as planned_day,
        greatest(planned_day - 60, since, 0) as begun_day,
        draw(person_month, 'cancelled') < 0.04 as is_cancelled,
        planned_day + if(
            draw(person_month, 'in time') < 0.5 + 0.45 * reliability,
            -whole(person_month, 'days', 0, 12),
            whole(person_month, 'days', 1, 30)
        ) as finished_day,
        if(is_cancelled, null, finished_day) as delivered_day,
        if(draw(person_month, 'verified') < 0.85, delivered_day + 10, null) as verified_day
    from job_months
    where month % 2 = 1 and role = 'supervisor' and planned_day between since and until - 1
)

select
    unnest([begun_day, greatest(finished_day, begun_day), verified_day]) as landed_on,
    'I' || (100000000 + person_month) as initiative_id,
    employee_id as owner_id,
    date_of(planned_day) as planned_on,
    known(delivered_day, landed_on) as delivered_on,
    case
        when finished_day > landed_on then 'planned'
        when is_cancelled then 'cancelled'
        else 'delivered'
    end as status,
    if(verified_day <= landed_on, whole(person_month, 'effect', 40, 60) + 40 * skill, null)
        as effect_score,
    if(verified_day <= landed_on, 'E100001', null) as verified_by
from planned;

-- Due every Monday.
create table management_reports as
with
due as (
    select
        *,
        day * 1000000 + number as report,
        greatest(day - 7, since, 0) as begun_day,
        case
            when draw(report, 'in time') < 0.7 + 0.28 * reliability
                then greatest(day - whole(report, 'days', 0, 2), begun_day)
            when draw(report, 'at all') < 0.95 then day + whole(report, 'days', 1, 6)
        end as submitted_day,
        if(draw(report, 'returned') < 0.25 - 0.22 * reliability, whole(report, 'times', 1, 2), 0)
            as times_returned
    from job_days
    where day % 7 = 0 and role = 'supervisor'
)

select
    unnest([begun_day, submitted_day]) as landed_on,
    'M' || (1000000000 + report) as report_id,
    employee_id as owner_id,
    date_of(day) as due_on,
    known(submitted_day, landed_on) as submitted_on,
    if(submitted_day <= landed_on, times_returned, 0) as returned_count
from due;

create table succession_plans as
select
    working_day(month_day + 13) as landed_on,
    employee_id as supervisor_id,
    date_of(landed_on) as as_of,
    whole(person_month, 'posts', 1, 3) as key_positions,
    bounded(0.2 + skill + 0.8 * draw(person_month, 'ready') - 0.4, 0, 1) as readiness,
    cast(round(key_positions * readiness) as integer) as ready_successors
from job_months
where month % 3 = 0 and role = 'supervisor' and landed_on between since and until - 1;
