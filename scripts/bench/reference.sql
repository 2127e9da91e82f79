-- From the Parquet exports straight to the project's monthly facts and its monthly and annual scores, by
-- hand and for speed: what the dbt project is measured against, and compared with, to the digit. The rules
-- are those of docs/rules.md. Nothing is checked: no row of the exports may be one that the contract rejects.
--
-- Run by `python -m scripts.bench`, which sets the variables `exports` and `plan` (folders) and the TimeZone
-- (of timestamps without an offset), opens the result as the default database, and times each stage.
--
-- What makes it fast:
-- * Instants are plain timestamps in UTC; a zone with one offset is an addition, not a call to ICU.
-- * Nothing is written but the results, and of the big tables nothing but numbers is aggregated or sorted.
-- * A person and an instant travel as one number (`moment`): its minimum is who was first, and when.
--   The smallest and the greatest hash among equal instants tell a tie between two people, and only
--   such ties are decided by the id of the record.
-- * Customer and topic are one hash, and neither is ever compared as text.

-- stage: exports
set preserve_insertion_order = false;

create or replace temp macro files_of(name) as (
    select list(file order by file)
    from glob([
        getvariable('exports') || '/' || name || '/*.parquet',
        getvariable('exports') || '/' || name || '/*/*.parquet'
    ])
);
set variable files_absences = files_of('absences');
set variable files_attendance = files_of('attendance');
set variable files_call_legs = files_of('call_legs');
set variable files_coaching_sessions = files_of('coaching_sessions');
set variable files_employees = files_of('employees');
set variable files_exams = files_of('exams');
set variable files_goals = files_of('goals');
set variable files_improvements = files_of('improvements');
set variable files_management_reports = files_of('management_reports');
set variable files_positions = files_of('positions');
set variable files_quality_review_items = files_of('quality_review_items');
set variable files_ratings = files_of('ratings');
set variable files_succession_plans = files_of('succession_plans');
set variable files_suggestions = files_of('suggestions');
set variable files_survey_responses = files_of('survey_responses');
set variable files_ticket_events = files_of('ticket_events');
set variable files_tickets = files_of('tickets');
set variable files_trainings = files_of('trainings');
set variable files_violations = files_of('violations');

-- The day of the folder, as days from 1900: one value for each file.
create or replace temp macro rows_of(name) as table
select
    *,
    coalesce(
        try_cast(regexp_extract(filename, 'load_date=([0-9-]+)/', 1) as date), date '1900-01-01'
    ) - date '1900-01-01' as load_day
from read_parquet(getvariable('files_' || name), hive_partitioning = false, filename = true);

-- stage: plan
create or replace temp macro plan_of(name) as table
select * from read_csv(getvariable('plan') || '/' || name || '.csv', all_varchar = true, header = true);

set variable parameters = (select map(list(parameter_id), list(value)) from plan_of('parameters'));
create or replace temp macro parameter(name) as getvariable('parameters')[name];
set variable calendar_first_day = parameter('calendar_first_day')::date;
set variable calendar_last_day = parameter('calendar_last_day')::date;
set variable first_contact_window = to_days(parameter('first_contact_window_days')::int);
set variable service_level_threshold_seconds = parameter('service_level_threshold_seconds')::int;

-- Seconds ahead of UTC: one number where the zone has one offset, else a list, the newest first.
create or replace temp table time_zone_offsets as
with hours as (
    select unnest(generate_series(
        getvariable('calendar_first_day')::timestamp,
        getvariable('calendar_last_day')::timestamp,
        interval 1 hour
    )) as starts_at
),
offset_hours as (
    select
        starts_at,
        timezone(parameter('business_time_zone'), timezone('UTC', starts_at)) as local_at,
        (epoch(local_at) - epoch(starts_at))::bigint as offset_seconds
    from hours
),
transitions as (
    select *, lag(offset_seconds) over (order by starts_at) as previous_offset_seconds
    from offset_hours
    qualify offset_seconds is distinct from previous_offset_seconds
)
select
    if(previous_offset_seconds is null, timestamp '1900-01-01', starts_at) as valid_from_at,
    offset_seconds
from transitions;
set variable business_offsets = (
    select list({valid_from_at: valid_from_at, offset_seconds: offset_seconds} order by valid_from_at desc)
    from time_zone_offsets
);
set variable business_offset = (
    select if(count(*) = 1, max(offset_seconds), null) from time_zone_offsets
);
set variable source_offset = (
    select if(count(distinct seconds) = 1, max(seconds), null)
    from (
        select
            unnest(generate_series(timestamp '2000-01-01', timestamp '2100-01-01', interval 1 day)) as day,
            (epoch(day) - epoch(day::timestamptz))::bigint as seconds
    )
);

-- Branches that a variable or a type decides are gone when the statement is planned.
create or replace temp macro instant(t) as
    case
        when typeof(t) != 'TIMESTAMP' then make_timestamp(epoch_us(t))
        when getvariable('source_offset') is not null
            then make_timestamp(epoch_us(t) - 1000000 * getvariable('source_offset'))
        else make_timestamp(epoch_us(t::timestamptz))
    end;
create or replace temp macro local_time(t) as
    case
        when getvariable('business_offset') is not null
            then make_timestamp(epoch_us(t) + 1000000 * getvariable('business_offset'))
        else t + to_seconds(
            list_filter(getvariable('business_offsets'), lambda o: o.valid_from_at <= t)[1].offset_seconds
        )
    end;
create or replace temp macro local_date(t) as local_time(t)::date;
create or replace temp macro month_of(day) as date_trunc('month', day)::date;
create or replace temp macro seconds_between(from_at, to_at) as
    (epoch_us(to_at) - epoch_us(from_at)) // 1000000;
create or replace temp macro second_of(clock) as
    substring(clock, 1, 2)::int * 3600 + substring(clock, 4, 2)::int * 60;

-- Working seconds before each day: business time is one subtraction.
create or replace temp table calendar_days as
with days as (
    select unnest(generate_series(
        getvariable('calendar_first_day'), getvariable('calendar_last_day'), interval 1 day
    ))::date as calendar_date
),
scheduled as (
    select
        days.calendar_date,
        coalesce(exceptions.is_working_day::boolean, true) and opens_at is not null as works,
        works as is_working_day,
        if(works, second_of(opens_at), 0) as opens_second,
        if(works, second_of(closes_at), 0) as closes_second
    from days
    left join plan_of('calendar_days') as exceptions on days.calendar_date = exceptions.calendar_date::date
    left join plan_of('working_hours') as hours
        on coalesce(exceptions.hours_as_weekday::int, isodow(days.calendar_date)) = hours.weekday::int
)
select
    * exclude (works),
    month_of(calendar_date) as month_start,
    coalesce(sum(closes_second - opens_second) over (
        order by calendar_date rows between unbounded preceding and 1 preceding
    ), 0)::bigint as business_seconds_before
from scheduled;
create or replace temp macro business_second(t, day) as
    day.business_seconds_before + greatest(0, least(
        (epoch_us(t) // 1000000) % 86400 - day.opens_second, day.closes_second - day.opens_second
    ));

-- Who and when as one number; `who` is a hash.
create or replace temp macro moment(t, who) as epoch_us(t)::hugeint * 18446744073709551616 + who::hugeint;
create or replace temp macro moment_at(m) as make_timestamp((m >> 64)::bigint);
create or replace temp macro moment_who(m) as (m & 18446744073709551615)::ubigint;
-- Of the same instants with the hashes as they are, and turned round: whether they name two people.
create or replace temp macro is_contested(m, reversed) as moment_who(m) != ~moment_who(reversed);

-- What a contact is about; 0 matches nothing.
create or replace temp macro subject(customer, topic) as
    if(customer is not null and topic is not null, hash(customer, topic), 0::ubigint);

-- A quotient rounded half away from zero, once, of two numbers with as many places, as integers. Integers
-- of 128 bits divide a hundred times slower than those of 64: only where it must be.
-- (So is a decimal multiplied or cast; below 2^51 its digits come exactly through a binary fraction.)
create or replace temp macro units_6(x) as
    case
        when x between -1000000000 and 1000000000 then (x::double * 1000000)::bigint::hugeint
        else (x::decimal(38, 6) * 1000000)::hugeint
    end;
create or replace temp macro units_10(x) as
    case
        when x between -100000 and 100000 then (x::double * 10000000000)::bigint::hugeint
        else (x::decimal(38, 10) * 10000000000)::hugeint
    end;
create or replace temp macro quotient(n, d, factor) as
    case
        when d <= 0 then null
        when abs(n) < 4000000000000000000 // factor and d < 1000000000000000000
            then (sign(n) * ((2 * factor * abs(n)::bigint + d::bigint) // (2 * d::bigint)))::hugeint
        else sign(n) * ((2 * factor::hugeint * abs(n) + d) // (2 * d))
    end;
create or replace temp macro divided_4(n, d) as (
    quotient(n, d, 10000)::decimal(38, 0) * 0.0001::decimal(5, 4)
);
create or replace temp macro divided_6(n, d) as (
    quotient(n, d, 1000000)::decimal(38, 0) * 0.000001::decimal(7, 6)
);
create or replace temp macro divided_10(n, d) as (
    quotient(n, d, 10000000000)::decimal(38, 0) * 0.0000000001::decimal(11, 10)
);

-- stage: events and legs sent again
-- A record without a version of its own is replaced by the one of its id in a later folder.
create or replace temp table resent_events as
select event_id, max(load_day) as load_day
from rows_of('ticket_events')
group by event_id
having count(*) > 1;

create or replace temp table resent_legs as
select leg_id, max(load_day) as load_day
from rows_of('call_legs')
group by leg_id
having count(*) > 1;

create or replace temp macro ticket_events() as table
select rows.*
from rows_of('ticket_events') as rows
anti join resent_events on rows.event_id = resent_events.event_id and rows.load_day < resent_events.load_day;

create or replace temp macro call_legs() as table
select rows.*
from rows_of('call_legs') as rows
anti join resent_legs on rows.leg_id = resent_legs.leg_id and rows.load_day < resent_legs.load_day;

-- stage: surveys and reviews as sent last
create or replace temp table surveys as
select
    response_id,
    arg_max(
        {
            survey_type: survey_type,
            contact_type: contact_type,
            contact_id: contact_id,
            responded_at: instant(responded_at),
            updated_at: instant(updated_at),
            score: score::decimal(18, 4),
            scale_min: scale_min::decimal(18, 4),
            scale_max: scale_max::decimal(18, 4)
        },
        moment(instant(updated_at), load_day)
    ) as response
from rows_of('survey_responses')
group by response_id;

create or replace temp table resent_items as
select review_id, item_id, max(load_day) as load_day
from rows_of('quality_review_items')
group by review_id, item_id
having count(*) > 1;

create or replace temp table review_items as
select
    rows.review_id,
    rows.item_id,
    rows.section,
    rows.contact_type,
    rows.contact_id,
    rows.agent_id,
    rows.reviewer_id,
    instant(rows.reviewed_at) as reviewed_at,
    rows.score::decimal(18, 4) as score,
    rows.max_score::decimal(18, 4) as max_score,
    rows.weight::decimal(18, 4) as weight,
    rows.is_applicable,
    rows.is_calibration,
    rows.calibration_id,
    rows.status,
    coalesce(rows.is_applicable and rows.is_fatal and rows.score = 0, false) as has_failed_fatally
from rows_of('quality_review_items') as rows
anti join resent_items
    on
        rows.review_id = resent_items.review_id
        and rows.item_id = resent_items.item_id
        and rows.load_day < resent_items.load_day;

-- stage: as-of
-- The newest record may be one that was replaced. Only the last day of the big tables is converted.
set variable last_day_of_events = (
    select max(occurred_at) - interval 1 day from rows_of('ticket_events')
);
set variable last_day_of_legs = (
    select max(ended_at) - interval 1 day from rows_of('call_legs')
);
set variable as_of_at = (
    select max(newest_at)
    from (
        select max(instant(updated_at)) as newest_at from rows_of('tickets')
        union all
        select max(instant(occurred_at))
        from rows_of('ticket_events')
        where occurred_at >= getvariable('last_day_of_events')
        union all
        select max(instant(ended_at))
        from rows_of('call_legs')
        where ended_at >= getvariable('last_day_of_legs')
        union all
        select max(greatest(instant(updated_at), instant(responded_at))) from rows_of('survey_responses')
        union all
        select max(instant(reviewed_at)) from rows_of('quality_review_items')
    )
);
set variable as_of_local_at = local_time(getvariable('as_of_at'));
set variable as_of_date = getvariable('as_of_local_at')::date;
set variable as_of_month = month_of(getvariable('as_of_date'));

-- stage: people
create or replace temp table scorecards as
select
    scorecard_id,
    role_id,
    valid_from::date as valid_from,
    valid_to::date as valid_to,
    score_cap::decimal(9, 4) as score_cap
from plan_of('scorecards');

create or replace temp table staff as
select *
from rows_of('employees')
qualify row_number() over (partition by employee_id order by load_day desc) = 1;

create or replace temp table absences as
select *
from rows_of('absences')
qualify row_number() over (partition by employee_id, absence_type, start_date order by load_day desc) = 1;

create or replace temp table employee_days as
with positions as (
    select *
    from rows_of('positions')
    qualify row_number() over (partition by employee_id, start_date order by load_day desc) = 1
),
position_days as (
    select
        positions.employee_id,
        unnest(generate_series(
            greatest(positions.start_date, staff.hire_date, getvariable('calendar_first_day')),
            least(
                positions.end_date - 1,
                staff.termination_date,
                getvariable('calendar_last_day'),
                (getvariable('as_of_month') + interval 1 month)::date - 1
            ),
            interval 1 day
        ))::date as calendar_date,
        positions.role_id,
        positions.team_id,
        positions.supervisor_id,
        positions.is_probation
    from positions
    inner join staff on positions.employee_id = staff.employee_id
),
leave_days as (
    select distinct
        employee_id,
        unnest(generate_series(
            greatest(start_date, getvariable('calendar_first_day')),
            least(end_date, getvariable('calendar_last_day')),
            interval 1 day
        ))::date as calendar_date
    from absences
)
select
    position_days.*,
    calendar_days.month_start,
    calendar_days.is_working_day,
    scorecards.scorecard_id,
    leave_days.employee_id is not null as is_leave,
    not is_probation and not is_leave as is_eligible
from position_days
inner join calendar_days on position_days.calendar_date = calendar_days.calendar_date
left join leave_days
    on
        position_days.employee_id = leave_days.employee_id
        and position_days.calendar_date = leave_days.calendar_date
left join scorecards
    on
        position_days.role_id = scorecards.role_id
        and calendar_days.month_start >= scorecards.valid_from
        and calendar_days.month_start < coalesce(scorecards.valid_to, date '9999-01-01');

create or replace table employee_months as
select
    employee_id,
    month_start,
    scorecard_id,
    min(role_id) as role_id,
    arg_max(team_id, calendar_date) as team_id,
    arg_max(supervisor_id, calendar_date) as supervisor_id,
    count(*) as position_days,
    count(*) filter (is_probation) as probation_days,
    count(*) filter (is_leave) as leave_days,
    count(*) filter (is_eligible) as eligible_days,
    count(*) filter (is_eligible and is_working_day) as eligible_working_days,
    count(*) filter (is_eligible) >= parameter('minimum_eligible_days_month')::int as is_appraised
from employee_days
where scorecard_id is not null
group by employee_id, month_start, scorecard_id;

create or replace table employees as
with latest_positions as (
    select
        employee_id,
        arg_max(role_id, calendar_date) as role_id,
        arg_max(team_id, calendar_date) as team_id,
        arg_max(supervisor_id, calendar_date) as supervisor_id
    from employee_days
    where calendar_date <= getvariable('as_of_date')
    group by employee_id
)
select
    employee_id,
    full_name,
    hire_date,
    termination_date,
    termination_reason,
    role_id,
    team_id,
    supervisor_id
from staff
left join latest_positions using (employee_id);

-- stage: calls by day
create or replace temp table calls_by_day as
with legs as (
    select
        agent_id,
        local_date(instant(ended_at)) as activity_date,
        direction = 'inbound' as is_inbound,
        outcome in ('answered', 'transferred') as is_answered,
        outcome = 'abandoned' as is_abandoned,
        seconds_between(offered_at, if(is_answered, answered_at, ended_at)) as wait_seconds,
        talk_seconds + hold_seconds + wrap_seconds as handle_seconds,
        wait_seconds <= getvariable('service_level_threshold_seconds') as is_within_threshold
    from call_legs()
    where agent_id is not null and direction != 'internal'
)
select
    agent_id as employee_id,
    activity_date,
    count(*) as offered_legs,
    count(*) filter (is_answered) as answered_legs,
    count(*) filter (is_abandoned) as abandoned_legs,
    coalesce(sum(handle_seconds) filter (is_answered), 0) as handle_seconds,
    count(*) filter (is_inbound and is_answered) as answered_inbound_legs,
    coalesce(sum(wait_seconds) filter (is_inbound and is_answered), 0) as answer_wait_seconds,
    count(*) filter (is_inbound and is_answered and is_within_threshold) as service_level_answered_legs,
    count(*) filter (is_inbound and (is_answered or (is_abandoned and not is_within_threshold)))
        as service_level_offered_legs
from legs
group by agent_id, activity_date;

-- stage: calls
create or replace temp macro legs_of_calls() as table
select
    call_id,
    leg_id,
    instant(offered_at) as offered_at,
    instant(answered_at) as answered_at,
    instant(ended_at) as ended_at,
    outcome in ('answered', 'transferred') as is_answered,
    hash(coalesce(agent_id, '')) as person_key,
    subject(if(direction = 'inbound', customer_id, null), topic) as subject_key
from call_legs();

-- Answered calls. A call whose first leg, or first answer, is not one of one subject, or person, waits.
create or replace temp table calls as
select
    call_id,
    min(moment(offered_at, subject_key)) as first_leg,
    min(moment(answered_at, person_key)) filter (is_answered) as first_answer,
    max(ended_at) as ended_at,
    is_contested(first_leg, min(moment(offered_at, ~subject_key)))
    or is_contested(first_answer, min(moment(answered_at, ~person_key)) filter (is_answered)) as is_tied
from legs_of_calls()
group by call_id
having first_answer is not null;

create or replace temp table tied_calls as select call_id from calls where is_tied;

create or replace temp table decided_calls as
select
    call_id,
    arg_min(moment(offered_at, subject_key), (offered_at, leg_id)) as first_leg,
    arg_min(moment(answered_at, person_key), (answered_at, leg_id)) filter (is_answered) as first_answer
from legs_of_calls()
semi join tied_calls using (call_id)
group by call_id;

update calls
set first_leg = decided_calls.first_leg, first_answer = decided_calls.first_answer
from decided_calls
where calls.call_id = decided_calls.call_id;

-- stage: tickets
create or replace temp macro deeds_of_tickets() as table
select
    ticket_id,
    event_id,
    instant(occurred_at) as occurred_at,
    event_type = 'replied' and actor_type = 'agent' as is_reply,
    event_type = 'status_changed' and status = 'solved' as is_solving,
    event_type = 'reopened' as is_reopening,
    event_type = 'escalated' as is_escalation,
    -- The empty text stands for nobody, because aggregates pass over a null.
    hash(coalesce(if(is_reply, null, assignee_id), if(actor_type = 'agent', actor_id, null), '')) as person_key
from ticket_events()
where event_type in ('replied', 'status_changed', 'reopened', 'escalated');

-- The version and the two things that are taken from it are a number each.
create or replace temp table latest_tickets as
with versions as (
    select
        ticket_id,
        moment(instant(updated_at), load_day) as version,
        subject(customer_id, topic) as subject_key,
        epoch_us(instant(created_at)) * 2 + coalesce(is_complaint, false)::int as creation
    from rows_of('tickets')
)
select ticket_id, arg_max(subject_key, version) as subject_key, arg_max(creation, version) as creation
from versions
group by ticket_id;

create or replace temp table happened as
select
    ticket_id,
    min(moment(occurred_at, person_key)) filter (is_reply) as first_reply,
    max(moment(occurred_at, person_key)) filter (is_solving) as last_solving,
    min(occurred_at) filter (is_reopening) as first_reopened_at,
    bool_or(is_escalation) as is_escalated,
    is_contested(first_reply, min(moment(occurred_at, ~person_key)) filter (is_reply))
    or is_contested(last_solving, max(moment(occurred_at, ~person_key)) filter (is_solving)) as is_tied
from deeds_of_tickets()
group by ticket_id;

create or replace temp table tickets as
select
    ticket_id,
    subject_key,
    make_timestamp(creation >> 1) as created_at,
    creation % 2 = 1 as is_complaint,
    first_reply,
    last_solving,
    first_reopened_at,
    is_escalated,
    is_tied
from latest_tickets
left join happened using (ticket_id);
drop table latest_tickets;
drop table happened;

create or replace temp table tied_tickets as select ticket_id from tickets where is_tied;

create or replace temp table decided_tickets as
select
    ticket_id,
    arg_min(moment(occurred_at, person_key), (occurred_at, event_id)) filter (is_reply) as first_reply,
    arg_max(moment(occurred_at, person_key), (occurred_at, event_id)) filter (is_solving) as last_solving
from deeds_of_tickets()
semi join tied_tickets using (ticket_id)
group by ticket_id;

update tickets
set first_reply = decided_tickets.first_reply, last_solving = decided_tickets.last_solving
from decided_tickets
where tickets.ticket_id = decided_tickets.ticket_id;

-- stage: tickets by day
create or replace temp table keyed_tickets_by_day as
with replied as (
    select
        moment_who(first_reply) as person_key,
        local_time(moment_at(first_reply)) as replied_at,
        local_time(created_at) as created_at
    from tickets
    where first_reply is not null
),
replied_by_day as (
    select
        person_key,
        replied_at::date as activity_date,
        count(*) as replied_tickets,
        sum(greatest(business_second(replied_at, reply_day) - business_second(created_at, creation_day), 0))
            as first_reply_business_seconds
    from replied
    inner join calendar_days as reply_day on replied_at::date = reply_day.calendar_date
    inner join calendar_days as creation_day on created_at::date = creation_day.calendar_date
    group by person_key, activity_date
),
solved as (
    select
        moment_who(last_solving) as person_key,
        local_time(moment_at(last_solving)) as solved_at,
        local_time(created_at) as created_at,
        is_complaint,
        is_escalated or first_reopened_at is not null as is_troubled,
        first_reopened_at is not null as is_reopened
    from tickets
    where last_solving is not null
),
solved_by_day as (
    select
        person_key,
        solved_at::date as activity_date,
        count(*) as solved_tickets,
        count(*) filter (is_reopened) as reopened_tickets
    from solved
    group by person_key, activity_date
),
complaints_by_day as (
    select
        person_key,
        solved_at::date as activity_date,
        count(*) as complaints_solved,
        count(*) filter (
            not is_troubled
            and business_second(solved_at, solving_day) - business_second(created_at, creation_day)
            <= parameter('complaint_limit_business_hours')::decimal(9, 2) * 3600
        ) as complaints_handled_well
    from solved
    inner join calendar_days as solving_day on solved_at::date = solving_day.calendar_date
    inner join calendar_days as creation_day on created_at::date = creation_day.calendar_date
    where is_complaint
    group by person_key, activity_date
)
select
    person_key,
    activity_date,
    coalesce(replied_tickets, 0) as replied_tickets,
    coalesce(first_reply_business_seconds, 0) as first_reply_business_seconds,
    coalesce(solved_tickets, 0) as solved_tickets,
    coalesce(reopened_tickets, 0) as reopened_tickets,
    coalesce(complaints_solved, 0) as complaints_solved,
    coalesce(complaints_handled_well, 0) as complaints_handled_well
from replied_by_day
full join solved_by_day using (person_key, activity_date)
left join complaints_by_day using (person_key, activity_date);

-- stage: reviews, surveys and their contacts
create or replace temp table reviews as
select
    review_id,
    min(reviewer_id) as reviewer_id,
    min(contact_type) as contact_type,
    min(contact_id) as contact_id,
    max(reviewed_at) as review_at,
    local_date(max(reviewed_at)) as reviewed_on,
    min(calibration_id) as calibration_id,
    bool_or(is_calibration) as is_calibration,
    arg_max(status, (reviewed_at, item_id)) as status,
    bool_or(has_failed_fatally) as has_failed_fatally
from review_items
group by review_id;

create or replace temp table review_ends as
select review_id, calls.ended_at
from reviews
inner join calls on reviews.contact_id = calls.call_id
where reviews.contact_type = 'call'
union all
select review_id, moment_at(tickets.last_solving)
from reviews
inner join tickets on reviews.contact_id = tickets.ticket_id
where reviews.contact_type = 'ticket';

create or replace temp table rated_tickets as
select ticket_id
from tickets
semi join (select response.contact_id as contact_id from surveys where response.contact_type = 'ticket')
    on ticket_id = contact_id;

-- stage: contacts by day
-- In the order of the start alone: who began at the same instant is looked at below.
create or replace temp table keyed_contacts_by_day as
with contacts as (
    select
        subject_key,
        created_at as started_at,
        coalesce(moment_who(first_reply), moment_who(last_solving), hash('')) as person_key,
        coalesce(first_reopened_at <= created_at + getvariable('first_contact_window'), false) as is_reopened
    from tickets
    where subject_key != 0
    union all
    select moment_who(first_leg), moment_at(first_leg), moment_who(first_answer), false
    from calls
    where moment_who(first_leg) != 0
),
neighboured as (
    select
        *,
        lag(started_at) over subjects as previous_at,
        lead(started_at) over subjects as next_at
    from contacts
    window subjects as (partition by subject_key order by started_at)
),
judged as (
    select
        person_key,
        local_date(started_at) as activity_date,
        coalesce(previous_at < started_at - getvariable('first_contact_window'), true) as is_first,
        not is_reopened
        and coalesce(next_at > started_at + getvariable('first_contact_window'), true) as is_resolved,
        coalesce(previous_at = started_at, false) as is_later_of_tie,
        is_later_of_tie or coalesce(next_at = started_at, false) as is_of_tie,
        if(is_of_tie, subject_key, null) as tie_subject_key,
        if(is_of_tie, started_at, null) as tie_started_at
    from neighboured
    where
        started_at + getvariable('first_contact_window') <= getvariable('as_of_at')
        and (is_first or is_later_of_tie)
)
select
    person_key,
    activity_date,
    tie_subject_key,
    tie_started_at,
    count(*) filter (is_first) as first_contacts,
    count(*) filter (is_first and is_resolved) as resolved_contacts
from judged
group by person_key, activity_date, tie_subject_key, tie_started_at;

-- Of contacts that began together, the first by type and id is the first contact: whose it is, is looked up
-- where several people come into question. (The next one repeats it, so it is not resolved.)
create or replace temp table contested_ties as
select tie_subject_key, tie_started_at
from keyed_contacts_by_day
where tie_subject_key is not null
group by tie_subject_key, tie_started_at
having count(*) > 1;

create or replace temp table decided_ties as
with contacts as (
    select
        'call' as contact_type, call_id as contact_id,
        moment_who(first_leg) as subject_key, moment_at(first_leg) as started_at,
        moment_who(first_answer) as person_key
    from calls
    union all
    select
        'ticket', ticket_id, subject_key, created_at,
        coalesce(moment_who(first_reply), moment_who(last_solving), hash(''))
    from tickets
)
select
    tie_subject_key,
    tie_started_at,
    arg_min(person_key, (contact_type, contact_id)) as person_key
from contacts
inner join contested_ties
    on subject_key = tie_subject_key and started_at = tie_started_at
group by tie_subject_key, tie_started_at;

create or replace temp table settled_contacts_by_day as
select person_key, activity_date, first_contacts, resolved_contacts
from keyed_contacts_by_day
anti join contested_ties using (tie_subject_key, tie_started_at)
union all
select decided_ties.person_key, activity_date, sum(first_contacts), 0
from keyed_contacts_by_day
inner join decided_ties using (tie_subject_key, tie_started_at)
group by decided_ties.person_key, activity_date;
drop table tickets;
drop table calls;

-- stage: names
-- People are known by the hash of their id so far; who is not in the staff is looked up in the records.
create or replace temp table people as
with unknown as (
    select person_key from keyed_tickets_by_day
    union
    select person_key from settled_contacts_by_day
    except
    select hash(employee_id) from staff
    except
    select hash('')
),
named as (
    select distinct actor_id as employee_id
    from ticket_events()
    semi join unknown on hash(actor_id) = unknown.person_key
    union
    select distinct assignee_id
    from ticket_events()
    semi join unknown on hash(assignee_id) = unknown.person_key
    union
    select distinct agent_id
    from call_legs()
    semi join unknown on hash(agent_id) = unknown.person_key
)
select hash(employee_id) as person_key, employee_id from staff
union all
select hash(employee_id), employee_id from named;

create or replace temp table tickets_by_day as
select people.employee_id, days.* exclude (person_key)
from keyed_tickets_by_day as days
inner join people using (person_key);

create or replace temp table contacts_by_day as
select
    people.employee_id,
    activity_date,
    sum(first_contacts) as first_contacts,
    sum(resolved_contacts) as resolved_contacts
from settled_contacts_by_day
inner join people using (person_key)
group by people.employee_id, activity_date
having sum(first_contacts) > 0;

-- stage: surveys by day
create or replace temp table counting_surveys as
select survey_type, contact_type, contact_id, unnest(latest)
from (
    select
        response.survey_type as survey_type,
        response.contact_type as contact_type,
        response.contact_id as contact_id,
        arg_max(
            {
                response_id: response_id,
                responded_at: response.responded_at,
                score: response.score,
                scale_min: response.scale_min,
                scale_max: response.scale_max
            },
            (response.responded_at, response_id)
        ) as latest
    from surveys
    where response.responded_at is not null and response.score is not null
    group by survey_type, contact_type, contact_id
);

create or replace temp table holders as
select response_id, arg_max(assignee_id, (held_at, event_id)) as employee_id
from (
    select ticket_id, event_id, instant(occurred_at) as held_at, assignee_id
    from ticket_events()
    where assignee_id is not null
)
inner join (
    select response_id, contact_id, responded_at
    from counting_surveys
    semi join rated_tickets on contact_id = ticket_id
    where contact_type = 'ticket'
)
    on ticket_id = contact_id and held_at <= responded_at
group by response_id
union all
-- The empty text stands for nobody, because aggregates pass over a null.
select response_id, nullif(arg_max(agent_id, (held_at, leg_id)), '') as employee_id
from (
    select call_id, leg_id, instant(answered_at) as held_at, coalesce(agent_id, '') as agent_id
    from call_legs()
    where outcome in ('answered', 'transferred') and direction != 'internal'
)
inner join (select response_id, contact_id, responded_at from counting_surveys where contact_type = 'call')
    on call_id = contact_id and held_at <= responded_at
group by response_id;

create or replace temp table surveys_by_day as
with credited as (
    select
        holders.employee_id,
        local_date(responded_at) as activity_date,
        survey_type,
        score,
        if(scale_max - scale_min = 1, score = scale_max, score > scale_max - parameter('csat_top_boxes')::int)
            as is_top_box
    from counting_surveys
    inner join holders using (response_id)
    where holders.employee_id is not null
)
select
    employee_id,
    activity_date,
    count(*) filter (survey_type = 'csat') as csat_responses,
    count(*) filter (survey_type = 'csat' and is_top_box) as csat_top_responses,
    count(*) filter (survey_type = 'nps') as nps_responses,
    count(*) filter (survey_type = 'nps' and score >= 9) as nps_promoters,
    count(*) filter (survey_type = 'nps' and score <= 6) as nps_detractors,
    count(*) filter (survey_type = 'ces') as ces_responses,
    coalesce(sum(score) filter (survey_type = 'ces'), 0) as ces_points
from credited
group by employee_id, activity_date;

-- stage: reviews by day
-- score × weight / max_score: all three have four places, so the product has four too many.
create or replace temp macro item_points(score, weight, max_score) as (
    divided_6((score * 10000)::hugeint * (weight * 10000)::hugeint, (max_score * 10000)::hugeint * 10000)
);

create or replace temp table review_items_by_day as
with items as (
    select
        review_items.review_id,
        review_items.agent_id,
        reviews.reviewed_on,
        sections.metric_id,
        review_items.weight,
        if(
            reviews.has_failed_fatally, 0,
            item_points(review_items.score, review_items.weight, review_items.max_score)
        ) as points
    from review_items
    inner join reviews on review_items.review_id = reviews.review_id
    left join plan_of('quality_sections') as sections on review_items.section = sections.section
    where reviews.status = 'final' and not review_items.is_calibration and review_items.is_applicable
)
select
    agent_id as employee_id,
    reviewed_on as activity_date,
    count(distinct review_id) as reviews,
    coalesce(sum(points) filter (metric_id = 'standards_adherence'), 0) as standards_adherence_points,
    coalesce(sum(weight) filter (metric_id = 'standards_adherence'), 0) as standards_adherence_weight,
    coalesce(sum(points) filter (metric_id = 'communication'), 0) as communication_points,
    coalesce(sum(weight) filter (metric_id = 'communication'), 0) as communication_weight,
    coalesce(sum(points) filter (metric_id = 'attitude'), 0) as attitude_points,
    coalesce(sum(weight) filter (metric_id = 'attitude'), 0) as attitude_weight
from items
group by agent_id, reviewed_on;

create or replace temp table reviews_credited as
with calibration_scores as (
    select
        review_items.review_id,
        reviews.calibration_id,
        divided_4(
            units_6(sum(if(
                reviews.has_failed_fatally, 0,
                100 * item_points(review_items.score, review_items.weight, review_items.max_score)
            ))),
            units_6(sum(review_items.weight))
        )::decimal(9, 4) as review_score
    from review_items
    inner join reviews on review_items.review_id = reviews.review_id
    where
        reviews.is_calibration
        and reviews.calibration_id is not null
        and reviews.status != 'voided'
        and review_items.is_applicable
    group by review_items.review_id, reviews.calibration_id
),
placed as (
    select
        *,
        row_number() over (partition by calibration_id order by review_score, review_id) as place,
        count(*) over (partition by calibration_id) as session_reviews
    from calibration_scores
    where review_score is not null
),
-- The middle two together, or the middle one twice.
medians as (
    select
        calibration_id,
        session_reviews,
        sum(if(session_reviews % 2 = 1, 2, 1) * review_score) as twice_the_median
    from placed
    where place in ((session_reviews + 1) // 2, (session_reviews + 2) // 2)
    group by calibration_id, session_reviews
)
select
    reviews.review_id,
    reviews.reviewer_id as employee_id,
    reviews.reviewed_on,
    reviews.is_calibration,
    reviews.status = 'overturned' as is_overturned,
    review_ends.ended_at is not null as has_ended_contact,
    reviews.review_at <= review_ends.ended_at + to_days(parameter('review_timeliness_days')::int)
        as is_timely,
    reviews.is_calibration and coalesce(medians.session_reviews > 1, false) as is_compared,
    abs(2 * placed.review_score - medians.twice_the_median)
    <= 2 * parameter('calibration_tolerance_points')::decimal(9, 4) as is_agreeing
from reviews
left join review_ends on reviews.review_id = review_ends.review_id
left join placed on reviews.review_id = placed.review_id
left join medians on placed.calibration_id = medians.calibration_id
where reviews.status != 'voided';

-- stage: monthly facts of the big tables
-- Eligible people without a record, in a month of which there are records, did nothing: true zeros.
create or replace temp macro true_zeros(by_day) as table
select distinct employee_id, month_start
from employee_months
where
    eligible_days > 0
    and month_start in (select month_of(activity_date) from query_table(by_day));

create or replace table agent_monthly_calls as
select
    employee_id,
    month_start,
    coalesce(sum(offered_legs), 0)::bigint as offered_legs,
    coalesce(sum(answered_legs), 0)::bigint as answered_legs,
    coalesce(sum(abandoned_legs), 0)::bigint as abandoned_legs,
    coalesce(sum(handle_seconds), 0)::decimal(18, 6) as handle_seconds,
    coalesce(sum(answered_inbound_legs), 0)::bigint as answered_inbound_legs,
    coalesce(sum(answer_wait_seconds), 0)::bigint as answer_wait_seconds,
    coalesce(sum(service_level_answered_legs), 0)::bigint as service_level_answered_legs,
    coalesce(sum(service_level_offered_legs), 0)::bigint as service_level_offered_legs
from (
    select *, month_of(activity_date) as month_start from calls_by_day
    union all by name
    select * from true_zeros('calls_by_day')
)
group by employee_id, month_start;

create or replace table agent_monthly_tickets as
select
    employee_id,
    month_start,
    coalesce(sum(replied_tickets), 0)::bigint as replied_tickets,
    coalesce(sum(first_reply_business_seconds), 0)::bigint as first_reply_business_seconds,
    coalesce(sum(solved_tickets), 0)::bigint as solved_tickets,
    coalesce(sum(reopened_tickets), 0)::bigint as reopened_tickets,
    coalesce(sum(complaints_solved), 0)::bigint as complaints_solved,
    coalesce(sum(complaints_handled_well), 0)::bigint as complaints_handled_well
from (
    select *, month_of(activity_date) as month_start from tickets_by_day
    union all by name
    select * from true_zeros('tickets_by_day')
)
group by employee_id, month_start;

create or replace table agent_monthly_contacts as
select
    employee_id,
    month_start,
    coalesce(sum(first_contacts), 0)::bigint as first_contacts,
    coalesce(sum(resolved_contacts), 0)::bigint as resolved_contacts
from (
    select *, month_of(activity_date) as month_start from contacts_by_day
    union all by name
    select * from true_zeros('contacts_by_day')
)
group by employee_id, month_start;

create or replace table agent_monthly_surveys as
select
    employee_id,
    month_start,
    coalesce(sum(csat_responses), 0)::bigint as csat_responses,
    coalesce(sum(csat_top_responses), 0)::bigint as csat_top_responses,
    coalesce(sum(nps_responses), 0)::bigint as nps_responses,
    coalesce(sum(nps_promoters), 0)::bigint as nps_promoters,
    coalesce(sum(nps_detractors), 0)::bigint as nps_detractors,
    coalesce(sum(ces_responses), 0)::bigint as ces_responses,
    coalesce(sum(ces_points), 0)::decimal(18, 6) as ces_points
from (
    select *, month_of(activity_date) as month_start from surveys_by_day
    union all by name
    select * from true_zeros('surveys_by_day')
)
group by employee_id, month_start;

create or replace table agent_monthly_reviews as
select
    employee_id,
    month_start,
    coalesce(sum(reviews), 0)::bigint as reviews,
    coalesce(sum(standards_adherence_points), 0)::decimal(18, 6) as standards_adherence_points,
    coalesce(sum(standards_adherence_weight), 0)::decimal(18, 6) as standards_adherence_weight,
    coalesce(sum(communication_points), 0)::decimal(18, 6) as communication_points,
    coalesce(sum(communication_weight), 0)::decimal(18, 6) as communication_weight,
    coalesce(sum(attitude_points), 0)::decimal(18, 6) as attitude_points,
    coalesce(sum(attitude_weight), 0)::decimal(18, 6) as attitude_weight
from (
    select *, month_of(activity_date) as month_start from review_items_by_day
    union all by name
    select * from true_zeros('review_items_by_day')
)
group by employee_id, month_start;

create or replace table reviewer_monthly_reviews as
select
    employee_id,
    month_of(reviewed_on) as month_start,
    count(*) filter (not is_calibration) as reviews,
    count(*) filter (not is_calibration and is_overturned) as reviews_overturned,
    count(*) filter (not is_calibration and has_ended_contact) as reviews_of_ended_contacts,
    count(*) filter (not is_calibration and has_ended_contact and is_timely) as reviews_timely,
    count(*) filter (is_compared) as calibrations,
    count(*) filter (is_compared and is_agreeing) as calibrations_agreeing
from reviews_credited
group by employee_id, month_start;

-- stage: workload and teams
create or replace temp table reviews_by_day as
select employee_id, reviewed_on as activity_date, count(*) as reviews
from reviews_credited
where not is_calibration
group by employee_id, reviewed_on;

create or replace table employee_monthly_workload as
with known_months as (
    select 'workload' as metric_id, month_of(activity_date) as month_start from calls_by_day
    union
    select 'workload', month_of(activity_date) from tickets_by_day
    union
    select 'reviews_completed', month_of(activity_date) from reviews_by_day
),
standard_days as (
    select
        employee_days.employee_id,
        employee_days.calendar_date as activity_date,
        employee_days.month_start,
        standards.metric_id,
        if(is_working_day, standards.standard_per_working_day::decimal(18, 6), 0) as standard
    from employee_days
    inner join plan_of('daily_standards') as standards on employee_days.scorecard_id = standards.scorecard_id
    semi join known_months
        on
            standards.metric_id = known_months.metric_id
            and employee_days.month_start = known_months.month_start
    where is_eligible and calendar_date <= getvariable('as_of_date')
),
work as (
    select employee_id, activity_date, 'workload' as metric_id, answered_legs as work from calls_by_day
    union all
    select employee_id, activity_date, 'workload', solved_tickets from tickets_by_day
    union all
    select employee_id, activity_date, 'reviews_completed', reviews from reviews_by_day
),
measured as (
    select employee_id, month_start, metric_id, standard, 0 as work from standard_days
    union all
    select employee_id, standard_days.month_start, metric_id, 0, work.work
    from work
    inner join standard_days using (employee_id, activity_date, metric_id)
)
select
    employee_id,
    month_start,
    (sum(work) filter (metric_id = 'workload'))::decimal(18, 6) as workload,
    (sum(standard) filter (metric_id = 'workload'))::decimal(18, 6) as workload_standard,
    (sum(work) filter (metric_id = 'reviews_completed'))::decimal(18, 6) as reviews_completed,
    (sum(standard) filter (metric_id = 'reviews_completed'))::decimal(18, 6) as reviews_completed_standard
from measured
group by employee_id, month_start;

create or replace temp table exams as
with attempts as (
    select
        exam_id,
        employee_id,
        attempt,
        subject,
        local_date(instant(taken_at)) as taken_on,
        score::decimal(18, 4) as score,
        max_score::decimal(18, 4) as max_score,
        pass_share::decimal(18, 4) as pass_share,
        is_excused
    from rows_of('exams')
    qualify row_number() over (partition by exam_id, employee_id, subject, attempt order by load_day desc) = 1
)
select
    employee_id,
    taken_on,
    month_of(taken_on) as month_start,
    lead(month_of(taken_on)) over (partition by employee_id, exam_id, subject order by attempt)
        as superseded_month,
    if(score is null, 0, divided_6(units_6(score), units_6(max_score))) as points,
    attempt = 1 and score is not null as is_first_sitting,
    score >= pass_share * max_score as is_passed
from attempts
where not coalesce(is_excused, false);

create or replace table supervisor_monthly_teams as
with led_days as (
    select
        days.supervisor_id,
        days.employee_id,
        days.calendar_date as activity_date,
        days.month_start,
        days.is_leave,
        staff.termination_reason = 'voluntary'
        and staff.termination_date <= getvariable('as_of_date')
        and days.calendar_date = max(days.calendar_date) over (partition by days.employee_id)
            as is_voluntary_leaving
    from employee_days as days
    inner join staff on days.employee_id = staff.employee_id
    where days.calendar_date <= getvariable('as_of_date')
),
members as (
    select
        supervisor_id,
        employee_id,
        month_start,
        count(*) as led_days,
        count(*) filter (not is_leave) as present_days,
        count(*) filter (is_voluntary_leaving) as voluntary_leavers
    from led_days
    where supervisor_id is not null
    group by supervisor_id, employee_id, month_start
),
coaching_sessions as (
    select *
    from rows_of('coaching_sessions')
    qualify row_number() over (partition by session_id order by load_day desc) = 1
),
coached_months as (
    select distinct coach_id, employee_id, month_of(local_date(instant(held_at))) as month_start
    from coaching_sessions
),
teams as (
    select
        members.supervisor_id as employee_id,
        members.month_start,
        count(*) as members,
        sum(led_days) as led_days,
        sum(voluntary_leavers) filter (is_plan_month) as voluntary_leavers,
        sum(led_days) filter (is_plan_month) as attrition_led_days,
        count(*) filter (is_plan_month and should_be_coached) as members_to_coach,
        count(*) filter (is_plan_month and should_be_coached and coached_months.employee_id is not null)
            as members_coached
    from (
        select
            members.*,
            month_start in (select month_start from employee_months) as is_plan_month,
            present_days >= parameter('coaching_minimum_led_days')::int
            and exists (from coaching_sessions) as should_be_coached
        from members
    ) as members
    left join coached_months
        on
            members.supervisor_id = coached_months.coach_id
            and members.employee_id = coached_months.employee_id
            and members.month_start = coached_months.month_start
    group by members.supervisor_id, members.month_start
),
-- What the people led did on exactly the days on which they were led.
deeds as (
    select employee_id, activity_date, handle_seconds, answered_legs from calls_by_day
    union all by name
    select employee_id, activity_date, first_reply_business_seconds, replied_tickets from tickets_by_day
    union all by name
    select employee_id, activity_date, first_contacts, resolved_contacts from contacts_by_day
    union all by name
    select employee_id, activity_date, csat_responses, csat_top_responses from surveys_by_day
    union all by name
    select employee_id, activity_date, standards_adherence_points, standards_adherence_weight
    from review_items_by_day
    union all by name
    select
        employee_id,
        taken_on as activity_date,
        count(*) as first_exams,
        count(*) filter (is_passed) as first_exams_passed
    from exams
    where is_first_sitting
    group by employee_id, taken_on
),
team_deeds as (
    select
        supervisor_id as employee_id,
        month_start,
        sum(handle_seconds)::decimal(18, 6) as handle_seconds,
        sum(answered_legs)::bigint as answered_legs,
        sum(first_reply_business_seconds)::bigint as first_reply_business_seconds,
        sum(replied_tickets)::bigint as replied_tickets,
        sum(resolved_contacts)::bigint as resolved_contacts,
        sum(first_contacts)::bigint as first_contacts,
        sum(csat_top_responses)::bigint as csat_top_responses,
        sum(csat_responses)::bigint as csat_responses,
        sum(standards_adherence_points)::decimal(18, 6) as standards_adherence_points,
        sum(standards_adherence_weight)::decimal(18, 6) as standards_adherence_weight,
        sum(first_exams_passed)::bigint as first_exams_passed,
        sum(first_exams)::bigint as first_exams
    from deeds
    inner join led_days using (employee_id, activity_date)
    where supervisor_id is not null
    group by supervisor_id, month_start
)
select
    employee_id,
    month_start,
    members,
    led_days::bigint as led_days,
    voluntary_leavers::bigint as voluntary_leavers,
    divided_6(attrition_led_days, parameter('member_year_days')::int)::decimal(18, 6) as member_years,
    members_to_coach,
    members_coached,
    team_deeds.* exclude (employee_id, month_start)
from teams
left join team_deeds using (employee_id, month_start);

-- stage: facts of the office
create or replace table employee_monthly_learning as
with trainings as (
    select *
    from rows_of('trainings')
    qualify row_number() over (partition by assignment_id order by load_day desc) = 1
),
-- Nobody has to finish a training while on leave; who did so has finished it.
due_on_leave as (
    select distinct assignment_id
    from trainings
    inner join absences
        on
            trainings.employee_id = absences.employee_id
            and trainings.due_on >= absences.start_date
            and trainings.due_on <= absences.end_date
    where coalesce(completed_on > due_on, true)
),
due as (
    select
        trainings.employee_id,
        month_of(due_on) as month_start,
        hours::decimal(18, 4) as hours_due,
        if(completed_on <= due_on, hours::decimal(18, 4), 0) as hours_completed
    from trainings
    anti join due_on_leave using (assignment_id)
    where due_on <= getvariable('as_of_date')
)
select
    employee_id,
    month_start,
    coalesce(sum(exams), 0)::bigint as exams,
    coalesce(sum(exam_points), 0)::decimal(18, 6) as exam_points,
    coalesce(sum(hours_due), 0)::decimal(18, 6) as training_hours_due,
    coalesce(sum(hours_completed), 0)::decimal(18, 6) as training_hours_completed
from (
    select employee_id, month_start, 1 as exams, points as exam_points
    from exams
    where superseded_month is null or superseded_month > month_start
    union all by name
    from due
)
group by employee_id, month_start;

create or replace temp table ratings as
select
    *,
    score::decimal(18, 4) as points,
    scale_max::decimal(18, 4) as points_possible,
    instant(submitted_at) as submission_at
from rows_of('ratings')
qualify row_number() over (partition by rating_id order by load_day desc) = 1;

create or replace table employee_monthly_ratings as
with credited as (
    select
        ratee_id as employee_id,
        period_start as month_start,
        criterion_id as metric_id,
        divided_6(units_6(points), units_6(points_possible)) as points
    from ratings
    where period_type = 'month' and relation in ('supervisor', 'peer', 'head')
    qualify row_number() over (
        partition by ratee_id, rater_id, relation, criterion_id, period_start
        order by submission_at desc, rating_id desc
    ) = 1
)
select
    employee_id,
    month_start,
    coalesce(sum(points) filter (metric_id = 'improvement'), 0)::decimal(18, 6) as improvement_points,
    count(*) filter (metric_id = 'improvement') as improvement_ratings,
    coalesce(sum(points) filter (metric_id = 'accountability'), 0)::decimal(18, 6) as accountability_points,
    count(*) filter (metric_id = 'accountability') as accountability_ratings,
    coalesce(sum(points) filter (metric_id = 'resilience'), 0)::decimal(18, 6) as resilience_points,
    count(*) filter (metric_id = 'resilience') as resilience_ratings,
    coalesce(sum(points) filter (metric_id = 'collaboration'), 0)::decimal(18, 6) as collaboration_points,
    count(*) filter (metric_id = 'collaboration') as collaboration_ratings,
    coalesce(sum(points) filter (metric_id = 'coordination'), 0)::decimal(18, 6) as coordination_points,
    count(*) filter (metric_id = 'coordination') as coordination_ratings,
    count(*) as ratings
from credited
group by employee_id, month_start;

create or replace table employee_monthly_conduct as
with attendance as (
    select
        employee_id,
        work_date,
        arg_max({late_minutes: late_minutes, is_unexcused: is_unexcused}, load_day) as day
    from rows_of('attendance') as rows
    anti join absences
        on
            rows.employee_id = absences.employee_id
            and rows.work_date >= absences.start_date
            and rows.work_date <= absences.end_date
    group by employee_id, work_date
),
violations as (
    select *
    from rows_of('violations')
    qualify row_number() over (partition by violation_id order by load_day desc) = 1
),
conduct as (
    select
        employee_id,
        month_of(work_date) as month_start,
        1 as attendance_days,
        coalesce(day.late_minutes > parameter('late_grace_minutes')::decimal(18, 4), false)::int as late_days,
        coalesce(day.is_unexcused, false)::int as unexcused_days,
        (
            late_days * parameter('late_arrival_points')::decimal(9, 4)
            + unexcused_days * parameter('unexcused_absence_points')::decimal(9, 4)
        )::decimal(18, 6) as points_taken
    from attendance
    union all by name
    select
        employee_id,
        month_of(occurred_on) as month_start,
        1 as violations,
        points::decimal(18, 6) as points_taken
    from violations
)
select
    employee_id,
    month_start,
    coalesce(sum(attendance_days), 0)::bigint as attendance_days,
    coalesce(sum(late_days), 0)::bigint as late_days,
    coalesce(sum(unexcused_days), 0)::bigint as unexcused_days,
    coalesce(sum(violations), 0)::bigint as violations,
    sum(conduct.points_taken)::decimal(18, 6) as points_taken,
    greatest(100 - sum(conduct.points_taken), 0)::decimal(18, 6) as compliance_points,
    100::decimal(18, 6) as compliance_points_possible
from conduct
group by employee_id, month_start;

create or replace table employee_monthly_suggestions as
with suggestions as (
    select *
    from rows_of('suggestions')
    qualify row_number() over (partition by suggestion_id order by load_day desc) = 1
),
counted as (
    select
        employee_id,
        month_of(decided_on) as month_start,
        1 as suggestions_decided,
        case status
            when 'rejected' then parameter('suggestion_points_submitted')::decimal(9, 4)
            when 'accepted' then parameter('suggestion_points_accepted')::decimal(9, 4)
            when 'implemented' then parameter('suggestion_points_implemented')::decimal(9, 4)
            else 0
        end as suggestion_points
    from suggestions
    semi join employee_months
        on
            suggestions.employee_id = employee_months.employee_id
            and month_of(suggestions.decided_on) = employee_months.month_start
    union all by name
    select distinct
        employee_id,
        month_start,
        divided_6(units_6(parameter('suggestion_standard_points_per_year')::decimal(9, 4)), 12000000)
            as suggestion_standard_points
    from employee_months
    where is_appraised and exists (from suggestions)
)
select
    employee_id,
    month_start,
    coalesce(sum(suggestions_decided), 0)::bigint as suggestions_decided,
    coalesce(sum(suggestion_points), 0)::decimal(18, 6) as suggestion_points,
    coalesce(sum(suggestion_standard_points), 0)::decimal(18, 6) as suggestion_standard_points
from counted
group by employee_id, month_start;

create or replace table employee_monthly_improvements as
with improvements as (
    select
        *,
        lower(coalesce(status, '')) != 'cancelled' as is_planned,
        verified_by != owner_id and effect_score is not null as is_verified
    from rows_of('improvements')
    qualify row_number() over (partition by initiative_id order by load_day desc) = 1
)
select
    owner_id as employee_id,
    month_of(planned_on) as month_start,
    count(*) filter (is_planned) as improvements_planned,
    count(*) filter (is_planned and delivered_on <= planned_on) as improvements_delivered,
    count(*) filter (is_verified) as improvements_verified,
    coalesce(sum(effect_score::decimal(18, 4)) filter (is_verified), 0)::decimal(18, 6) as effect_points,
    (100 * count(*) filter (is_verified))::decimal(18, 6) as effect_points_possible
from improvements
where planned_on <= getvariable('as_of_date')
group by employee_id, month_start;

create or replace table employee_monthly_reports as
with management_reports as (
    select *
    from rows_of('management_reports')
    qualify row_number() over (partition by report_id order by load_day desc) = 1
)
select
    owner_id as employee_id,
    month_of(due_on) as month_start,
    count(*) as reports_due,
    count(*) filter (submitted_on <= due_on) as reports_punctual,
    count(*) filter (submitted_on is not null) as reports_submitted,
    count(*) filter (submitted_on is not null and coalesce(returned_count, 0) = 0) as reports_accurate
from management_reports
where due_on <= getvariable('as_of_date')
group by employee_id, month_start;

-- stage: metrics
create or replace temp table evidence as
with plans as (
    select *
    from rows_of('succession_plans')
    qualify row_number() over (partition by supervisor_id, as_of order by load_day desc) = 1
),
superseded as (
    select
        employee_id,
        'product_knowledge' as metric_id,
        month_start,
        superseded_month,
        points as numerator,
        1 as denominator
    from exams
    union all
    select
        supervisor_id,
        'bench_strength',
        month_of(as_of),
        lead(month_of(as_of)) over (partition by supervisor_id order by as_of),
        least(ready_successors, key_positions),
        key_positions
    from plans
),
measured as (
    select
        employee_id,
        month_start,
        superseded_month,
        metric_id,
        numerator::decimal(18, 6) as numerator,
        denominator::decimal(18, 6) as denominator
    from superseded
    where superseded_month is null or superseded_month > month_start
    union all
    select
        employee_id,
        month_start,
        null,
        unnest(['handle_time', 'call_answer_speed', 'service_level']),
        unnest([handle_seconds, answer_wait_seconds, service_level_answered_legs]::decimal(18, 6)[]),
        unnest([answered_legs, answered_inbound_legs, service_level_offered_legs]::decimal(18, 6)[])
    from agent_monthly_calls
    union all
    select
        employee_id,
        month_start,
        null,
        unnest(['ticket_first_reply', 'reopen_rate', 'complaint_handling']),
        unnest([
            divided_6(first_reply_business_seconds, 60), reopened_tickets, complaints_handled_well
        ]::decimal(18, 6)[]),
        unnest([replied_tickets, solved_tickets, complaints_solved]::decimal(18, 6)[])
    from agent_monthly_tickets
    union all
    select employee_id, month_start, null, 'first_contact_resolution', resolved_contacts, first_contacts
    from agent_monthly_contacts
    union all
    select
        employee_id,
        month_start,
        null,
        unnest(['csat', 'nps', 'ces']),
        unnest([csat_top_responses, nps_promoters - nps_detractors, ces_points]::decimal(18, 6)[]),
        unnest([csat_responses, nps_responses, ces_responses]::decimal(18, 6)[])
    from agent_monthly_surveys
    union all
    select
        employee_id,
        month_start,
        null,
        unnest(['standards_adherence', 'communication', 'attitude']),
        unnest([standards_adherence_points, communication_points, attitude_points]),
        unnest([standards_adherence_weight, communication_weight, attitude_weight])
    from agent_monthly_reviews
    union all
    select employee_id, month_start, null, 'compliance', compliance_points, compliance_points_possible
    from employee_monthly_conduct
    union all
    select
        employee_id,
        month_start,
        null,
        unnest(['improvements_delivered', 'improvement_effect']),
        unnest([improvements_delivered, effect_points]::decimal(18, 6)[]),
        unnest([improvements_planned, effect_points_possible]::decimal(18, 6)[])
    from employee_monthly_improvements
    union all
    select employee_id, month_start, null, 'learning', training_hours_completed, training_hours_due
    from employee_monthly_learning
    union all
    select
        employee_id,
        month_start,
        null,
        unnest(['improvement', 'accountability', 'resilience', 'collaboration', 'coordination']),
        unnest([
            improvement_points, accountability_points, resilience_points,
            collaboration_points, coordination_points
        ]),
        unnest([
            improvement_ratings, accountability_ratings, resilience_ratings,
            collaboration_ratings, coordination_ratings
        ]::decimal(18, 6)[])
    from employee_monthly_ratings
    union all
    select
        employee_id,
        month_start,
        null,
        unnest(['report_punctuality', 'report_accuracy']),
        unnest([reports_punctual, reports_accurate]::decimal(18, 6)[]),
        unnest([reports_due, reports_submitted]::decimal(18, 6)[])
    from employee_monthly_reports
    union all
    select employee_id, month_start, null, 'suggestions', suggestion_points, suggestion_standard_points
    from employee_monthly_suggestions
    union all
    select
        employee_id,
        month_start,
        null,
        unnest(['workload', 'reviews_completed']),
        unnest([workload, reviews_completed]),
        unnest([workload_standard, reviews_completed_standard])
    from employee_monthly_workload
    union all
    select
        employee_id,
        month_start,
        null,
        unnest(['review_timeliness', 'review_overturn_rate', 'calibration_agreement']),
        unnest([reviews_timely, reviews_overturned, calibrations_agreeing]::decimal(18, 6)[]),
        unnest([reviews_of_ended_contacts, reviews, calibrations]::decimal(18, 6)[])
    from reviewer_monthly_reviews
    union all
    select
        employee_id,
        month_start,
        null,
        unnest([
            'team_csat', 'team_first_contact_resolution', 'team_handle_time', 'team_first_reply',
            'team_standards_adherence', 'team_exam_pass', 'coaching_coverage', 'attrition'
        ]),
        unnest([
            csat_top_responses, resolved_contacts, handle_seconds,
            divided_6(first_reply_business_seconds, 60), standards_adherence_points, first_exams_passed,
            members_coached, voluntary_leavers
        ]::decimal(18, 6)[]),
        unnest([
            csat_responses, first_contacts, answered_legs, replied_tickets,
            standards_adherence_weight, first_exams, members_to_coach, member_years
        ]::decimal(18, 6)[])
    from supervisor_monthly_teams
)
select * replace (coalesce(superseded_month, date '9999-01-01') as superseded_month)
from measured
semi join staff using (employee_id)
where
    (denominator > 0 or (denominator = 0 and numerator > 0))
    and month_start <= getvariable('as_of_month');

create or replace table monthly_metrics as
select
    employee_id,
    month_start,
    metric_id,
    sum(numerator)::decimal(18, 6) as numerator,
    sum(denominator)::decimal(18, 6) as denominator,
    divided_6(units_6(sum(numerator)), units_6(sum(denominator)))::decimal(18, 6) as metric_value
from evidence
group by employee_id, month_start, metric_id;

-- stage: metric scores
create or replace temp table asked as
with agreed as (
    select
        employee_id,
        appraisal_year,
        metric_id,
        proposed_on,
        target_value::decimal(18, 4) as target_value,
        month_of(greatest(employee_agreed_on, manager_agreed_on)) as agreed_month
    from (
        select *
        from rows_of('goals')
        qualify row_number() over (
            partition by employee_id, appraisal_year, metric_id, proposed_on order by load_day desc
        ) = 1
    )
    where employee_agreed_on is not null and manager_agreed_on is not null
),
personal_targets as (
    select
        employee_id,
        months.month_start,
        metric_id,
        arg_max(target_value, proposed_on) as target_value
    from agreed
    inner join (select distinct month_start from employee_months) as months
        on year(months.month_start) = appraisal_year and months.month_start >= agreed_month
    group by all
)
select
    months.employee_id,
    months.month_start,
    months.scorecard_id,
    weights.dimension_id,
    weights.metric_id,
    months.eligible_days,
    months.is_appraised,
    dimension_weights.weight::decimal(9, 6) as dimension_weight,
    weights.weight::decimal(9, 6) as metric_weight,
    weights.missing_policy,
    metrics.window_months::int as window_months,
    greatest(metrics.window_months::int, metrics.fallback_window_months::int) as longest_window_months,
    metrics.minimum_denominator::decimal(18, 6) as minimum_denominator,
    targets.curve_id,
    targets.target_value::decimal(18, 4) as standard_target_value,
    personal_targets.target_value as personal_target_value,
    scorecards.score_cap
from employee_months as months
inner join scorecards on months.scorecard_id = scorecards.scorecard_id
inner join plan_of('metric_weights') as weights on months.scorecard_id = weights.scorecard_id
inner join plan_of('dimension_weights') as dimension_weights
    on
        weights.scorecard_id = dimension_weights.scorecard_id
        and weights.dimension_id = dimension_weights.dimension_id
inner join plan_of('metrics') as metrics on weights.metric_id = metrics.metric_id
inner join plan_of('standard_targets') as targets
    on weights.scorecard_id = targets.scorecard_id and weights.metric_id = targets.metric_id
left join personal_targets
    on
        months.employee_id = personal_targets.employee_id
        and months.month_start = personal_targets.month_start
        and weights.metric_id = personal_targets.metric_id;

create or replace temp table windowed as
with reached as (
    select
        employee_id,
        metric_id,
        month_start,
        minimum_denominator,
        window_months,
        longest_window_months,
        unnest(range(longest_window_months)) as months_back,
        (month_start - to_months(months_back::int))::date as evidence_month
    from (
        select distinct
            employee_id, metric_id, month_start, minimum_denominator, window_months, longest_window_months
        from asked
    )
),
pooled as (
    select
        reached.employee_id,
        reached.metric_id,
        reached.month_start,
        minimum_denominator,
        window_months,
        longest_window_months,
        coalesce(sum(numerator) filter (months_back < window_months), 0) as window_numerator,
        coalesce(sum(denominator) filter (months_back < window_months), 0) as window_denominator,
        sum(numerator) as longest_numerator,
        sum(denominator) as longest_denominator
    from reached
    left join evidence
        on
            reached.employee_id = evidence.employee_id
            and reached.metric_id = evidence.metric_id
            and reached.evidence_month = evidence.month_start
            and reached.month_start < evidence.superseded_month
    group by all
)
select
    employee_id,
    metric_id,
    month_start,
    window_denominator > 0 and window_denominator >= minimum_denominator as is_enough,
    (month_start - to_months(if(is_enough, window_months, longest_window_months) - 1))::date as pooled_from_month,
    if(is_enough, window_numerator, longest_numerator)::decimal(18, 6) as numerator,
    if(is_enough, window_denominator, longest_denominator)::decimal(18, 6) as denominator,
    case
        when is_enough or (longest_denominator > 0 and longest_denominator >= minimum_denominator) then null
        when longest_denominator > 0 then 'below_minimum_denominator'
        else 'no_evidence'
    end as missing_reason
from pooled;

-- From the low value up to, but not including, the high one; flat beyond the ends.
create or replace temp table curve_segments as
with points as (
    select
        points.curve_id,
        curves.shape,
        (points.value::decimal(18, 4) * 10000)::hugeint as low_value,
        (points.score::decimal(9, 4) * 10000)::hugeint as low_score
    from plan_of('curve_points') as points
    inner join plan_of('curves') as curves on points.curve_id = curves.curve_id
)
select
    curve_id,
    low_value,
    lead(low_value) over curve as high_value,
    low_score,
    if(shape = 'linear', coalesce(lead(low_score) over curve, low_score), low_score) as high_score
from points
window curve as (partition by curve_id order by low_value)
union all
select curve_id, null, min(low_value), arg_min(low_score, low_value), arg_min(low_score, low_value)
from points
group by curve_id;

-- The curve is read at a fraction: value × standard target / personal target. All factors are integers of
-- ten-thousandths (and of millionths), so that the score is rounded once, from the exact quotient.
create or replace temp table metrics_scored as
with positioned as (
    select
        asked.*,
        pooled_from_month,
        numerator,
        denominator,
        missing_reason,
        missing_reason is null as has_evidence,
        coalesce(personal_target_value, standard_target_value) as target_value,
        case
            when has_evidence and personal_target_value is null then units_6(numerator)
            when has_evidence then units_6(numerator) * (standard_target_value * 10000)::hugeint
            when missing_policy = 'neutral' then (standard_target_value * 10000)::hugeint
        end as reading_numerator,
        case
            when has_evidence and personal_target_value is null then units_6(denominator)
            when has_evidence then units_6(denominator) * (personal_target_value * 10000)::hugeint
            else 10000
        end as reading_denominator
    from asked
    inner join windowed using (employee_id, metric_id, month_start)
),
read as (
    select
        positioned.*,
        case
            when not has_evidence and missing_policy = 'zero' then 0
            when low_score = high_score or low_value is null or high_value is null then low_score
            else quotient(
                low_score * (high_value - low_value) * reading_denominator
                + (reading_numerator * 10000 - low_value * reading_denominator) * (high_score - low_score),
                (high_value - low_value) * reading_denominator,
                1
            )
        end as curve_score
    from positioned
    left join curve_segments
        on
            positioned.curve_id = curve_segments.curve_id
            and (low_value is null or reading_numerator * 10000 >= low_value * reading_denominator)
            and (high_value is null or reading_numerator * 10000 < high_value * reading_denominator)
)
select
    employee_id,
    month_start,
    scorecard_id,
    dimension_id,
    metric_id,
    eligible_days,
    is_appraised,
    dimension_weight,
    metric_weight,
    missing_policy,
    pooled_from_month,
    numerator,
    denominator,
    target_value::decimal(18, 4) as target_value,
    personal_target_value is not null as has_personal_target,
    has_evidence,
    missing_reason,
    if(
        curve_score > score_cap * 10000, score_cap, curve_score::decimal(38, 0) * 0.0001::decimal(5, 4)
    )::decimal(9, 4) as metric_score
from read;

-- stage: monthly scores
create or replace temp table dimensions_scored as
select
    employee_id,
    month_start,
    scorecard_id,
    dimension_id,
    eligible_days,
    is_appraised,
    dimension_weight,
    coalesce(sum(metric_weight) filter (metric_score is not null), 0)::decimal(9, 6) as scored_weight,
    coalesce(sum(metric_weight) filter (has_evidence), 0)::decimal(9, 6) as weight_covered,
    scored_weight > 0 as is_scored,
    if(scored_weight > 0, dimension_weight, 0) as scored_dimension_weight,
    divided_4(
        units_10(sum(metric_score::decimal(18, 4) * metric_weight)), units_10(scored_weight)
    )::decimal(9, 4) as dimension_score
from metrics_scored
group by employee_id, month_start, scorecard_id, dimension_id, eligible_days, is_appraised, dimension_weight;

create or replace temp table months_judged as
with blocked as (
    select employee_id, month_start, scorecard_id, min(metric_id) as blocked_by
    from metrics_scored
    where not has_evidence and missing_policy = 'block'
    group by employee_id, month_start, scorecard_id
),
covered as (
    select
        employee_id,
        month_start,
        scorecard_id,
        sum(scored_dimension_weight)::decimal(9, 6) as scored_dimension_weight,
        sum(dimension_weight::decimal(18, 6) * weight_covered)::decimal(9, 6) as weight_covered
    from dimensions_scored
    group by employee_id, month_start, scorecard_id
)
select
    months.employee_id,
    months.month_start,
    months.scorecard_id,
    months.role_id,
    months.eligible_days,
    months.is_appraised,
    coalesce(covered.scored_dimension_weight, 0)::decimal(9, 6) as scored_dimension_weight,
    coalesce(covered.weight_covered, 0)::decimal(9, 6) as weight_covered,
    case
        when not months.is_appraised then 'eligible_days_below_minimum'
        when blocked.blocked_by is not null then 'blocked_by_' || blocked.blocked_by
        when coalesce(covered.weight_covered, 0) < parameter('minimum_weight_covered')::decimal(9, 6)
            then 'weight_covered_below_minimum'
        when
            getvariable('as_of_local_at')
            < months.month_start + interval 1 month + getvariable('first_contact_window')
            then 'windows_still_open'
    end as status_reason,
    case
        when status_reason is null then 'final'
        when status_reason = 'windows_still_open' then 'provisional'
        when status_reason = 'eligible_days_below_minimum' then 'not_eligible'
        else 'insufficient_data'
    end as status,
    status in ('final', 'provisional') as has_result
from employee_months as months
left join covered using (employee_id, month_start, scorecard_id)
left join blocked using (employee_id, month_start, scorecard_id);

create or replace table monthly_metric_scores as
select
    metrics_scored.employee_id,
    metrics_scored.month_start,
    metrics_scored.scorecard_id,
    metrics_scored.dimension_id,
    metrics_scored.metric_id,
    pooled_from_month,
    numerator,
    denominator,
    divided_6(units_6(numerator), units_6(denominator))::decimal(18, 6) as metric_value,
    target_value,
    has_personal_target,
    metric_score,
    (metrics_scored.dimension_weight::decimal(18, 6) * metric_weight)::decimal(9, 6) as nominal_weight,
    (metrics_scored.dimension_weight * 1000000)::hugeint * (metric_weight * 1000000)::hugeint as nominal_units,
    (months_judged.scored_dimension_weight * 1000000)::hugeint * (scored_weight * 1000000)::hugeint as scored_units,
    if(metric_score is null, null, divided_6(nominal_units, scored_units))::decimal(9, 6) as effective_weight,
    if(
        has_result and metric_score is not null,
        divided_6((metric_score * 10000)::hugeint * nominal_units, 10000 * scored_units),
        null
    )::decimal(18, 6) as contribution,
    has_evidence,
    missing_reason
from metrics_scored
inner join dimensions_scored using (employee_id, month_start, scorecard_id, dimension_id)
inner join months_judged using (employee_id, month_start, scorecard_id);
alter table monthly_metric_scores drop column nominal_units;
alter table monthly_metric_scores drop column scored_units;

create or replace table monthly_dimension_scores as
with summed as (
    select
        employee_id,
        month_start,
        scorecard_id,
        dimension_id,
        sum(contribution)::decimal(18, 6) as contribution
    from monthly_metric_scores
    group by employee_id, month_start, scorecard_id, dimension_id
)
select
    dimensions_scored.employee_id,
    dimensions_scored.month_start,
    dimensions_scored.scorecard_id,
    dimensions_scored.dimension_id,
    dimension_weight,
    if(
        is_scored, divided_6(units_6(dimension_weight), units_6(months_judged.scored_dimension_weight)), null
    )::decimal(9, 6) as effective_weight,
    dimension_score,
    dimensions_scored.weight_covered,
    summed.contribution
from dimensions_scored
inner join months_judged using (employee_id, month_start, scorecard_id)
left join summed using (employee_id, month_start, scorecard_id, dimension_id);

create or replace temp table grade_bands as
select
    grade_id,
    lower_bound::decimal(9, 2) as lower_bound,
    coalesce(upper_bound::decimal(9, 2), 9999999) as upper_bound,
    valid_from::date as valid_from,
    coalesce(valid_to::date, date '9999-01-01') as valid_to
from plan_of('grade_bands');

create or replace table monthly_scorecards as
with summed as (
    select employee_id, month_start, scorecard_id, sum(contribution) as monthly_score
    from monthly_dimension_scores
    group by employee_id, month_start, scorecard_id
),
rounded as (
    select
        months_judged.*,
        monthly_score::decimal(18, 6) as monthly_score,
        round(monthly_score, 2)::decimal(9, 2) as published_score
    from months_judged
    left join summed using (employee_id, month_start, scorecard_id)
)
select
    employee_id,
    month_start,
    scorecard_id,
    role_id,
    eligible_days,
    monthly_score,
    published_score,
    grade_id,
    status,
    status_reason,
    weight_covered
from rounded
left join grade_bands
    on
        published_score >= lower_bound
        and published_score < upper_bound
        and month_start >= valid_from
        and month_start < valid_to;

-- stage: annual scores
create or replace temp table year_ends as
with referred as (
    select
        *,
        year(calendar_date) as appraisal_year,
        least(make_date(year(calendar_date), 12, 31), getvariable('as_of_date')) as reference_date
    from employee_days
)
select
    employee_id,
    appraisal_year,
    max(role_id) filter (calendar_date = reference_date) as year_end_role_id,
    coalesce(year_end_role_id, arg_max(role_id, calendar_date)) as role_id
from referred
group by employee_id, appraisal_year;

create or replace temp table year_reviews as
with latest as (
    select *
    from ratings
    where period_type = 'year'
    qualify row_number() over (
        partition by ratee_id, rater_id, relation, criterion_id, period_start
        order by submission_at desc, rating_id desc
    ) = 1
),
by_relation as (
    select
        ratee_id,
        period_start,
        criterion_id,
        relation,
        sum(divided_10(units_6(points), units_6(points_possible))) as share_of_scale,
        count(*) as ratings
    from latest
    group by ratee_id, period_start, criterion_id, relation
),
shared as (
    select
        by_relation.*,
        shares.share::decimal(9, 6) as share,
        divided_10(units_10(share_of_scale), units_10(ratings))::decimal(18, 10) as mean_share_of_scale
    from by_relation
    inner join plan_of('reviewer_shares') as shares
        on
            by_relation.relation = shares.relation
            and by_relation.period_start >= shares.valid_from::date
            and by_relation.period_start < coalesce(shares.valid_to::date, date '9999-01-01')
)
select
    ratee_id as employee_id,
    year(period_start) as appraisal_year,
    criterion_id as dimension_id,
    -- Both sides in units of sixteen places.
    divided_6(
        sum((share * 1000000)::hugeint * 100 * (mean_share_of_scale * 10000000000)::hugeint),
        sum((share * 1000000)::hugeint) * 10000000000
    )::decimal(18, 6) as review_score
from shared
group by ratee_id, appraisal_year, criterion_id;

create or replace temp table year_dimensions as
with summed as (
    select
        employee_id,
        year(month_start) as appraisal_year,
        scorecard_id,
        dimension_id,
        dimension_weight,
        sum(eligible_days) as eligible_days,
        coalesce(sum(eligible_days) filter (is_appraised), 0) as appraised_days,
        coalesce(sum(eligible_days) filter (is_appraised and is_scored), 0) as scored_days,
        sum(eligible_days * weight_covered::decimal(18, 6)) filter (is_appraised) as covered_days
    from dimensions_scored
    group by employee_id, appraisal_year, scorecard_id, dimension_id, dimension_weight
),
-- A dimension without a scored month, and a scorecard without one, give up their parts.
spread as (
    select
        *,
        (sum(dimension_weight) filter (scored_days > 0) over scorecard)::decimal(9, 6) as scored_dimension_weight,
        bool_or(scored_days > 0) over scorecard as is_scored_scorecard,
        dimension_id = min(dimension_id) over scorecard as is_first
    from summed
    window scorecard as (partition by employee_id, appraisal_year, scorecard_id)
),
totalled as (
    select
        *,
        sum(eligible_days) filter (is_first and is_scored_scorecard)
            over (partition by employee_id, appraisal_year) as scored_scorecards_days
    from spread
)
select
    totalled.* exclude (is_first),
    scored_days > 0 as is_scored,
    if(scored_days > 0, year_reviews.review_score, null) as review_score,
    year_reviews.review_score is not null as is_reviewed,
    if(is_reviewed, composition.monthly_share::decimal(18, 9), 1)::decimal(9, 6) as monthly_share,
    if(is_reviewed, composition.review_share::decimal(18, 9), 0)::decimal(9, 6) as review_share
from totalled
inner join scorecards on totalled.scorecard_id = scorecards.scorecard_id
left join year_ends
    on
        totalled.employee_id = year_ends.employee_id
        and totalled.appraisal_year = year_ends.appraisal_year
        and scorecards.role_id = year_ends.year_end_role_id
left join year_reviews
    on
        year_ends.employee_id = year_reviews.employee_id
        and year_ends.appraisal_year = year_reviews.appraisal_year
        and totalled.dimension_id = year_reviews.dimension_id
inner join plan_of('annual_composition') as composition
    on
        make_date(totalled.appraisal_year, 1, 1) >= composition.valid_from::date
        and make_date(totalled.appraisal_year, 1, 1) < coalesce(composition.valid_to::date, date '9999-01-01')
where is_scored_scorecard;

create or replace temp table year_metrics as
with weighted as (
    select
        metrics_scored.*,
        year(month_start) as appraisal_year,
        max(month_start) over (partition by employee_id, year(month_start), scorecard_id) as last_month_start,
        divided_10(units_6(metric_weight), units_6(scored_weight))::decimal(18, 10) as inside_weight
    from metrics_scored
    inner join dimensions_scored using (employee_id, month_start, scorecard_id, dimension_id)
    where metrics_scored.is_appraised
),
scored as (
    select
        employee_id,
        appraisal_year,
        scorecard_id,
        dimension_id,
        metric_id,
        arg_max(target_value, month_start) as target_value,
        bool_or(missing_policy = 'block') and not bool_or(has_evidence) as is_blocked,
        sum(eligible_days * inside_weight * metric_score::decimal(38, 4)) as weighted_points
    from weighted
    group by employee_id, appraisal_year, scorecard_id, dimension_id, metric_id
),
-- Evidence that a later record superseded within the year counts once, as the later.
evidence_summed as (
    select
        employee_id,
        appraisal_year,
        scorecard_id,
        metric_id,
        sum(evidence.numerator)::decimal(18, 6) as numerator,
        sum(evidence.denominator)::decimal(18, 6) as denominator
    from weighted
    inner join evidence using (employee_id, metric_id, month_start)
    where evidence.superseded_month > last_month_start
    group by employee_id, appraisal_year, scorecard_id, metric_id
),
values_summed as (
    select
        employee_id,
        appraisal_year,
        scorecard_id,
        metric_id,
        divided_6(units_6(sum(metric_value)), units_6(count(metric_value)))::decimal(18, 6) as mean_of_months_value
    from weighted
    inner join monthly_metrics using (employee_id, metric_id, month_start)
    group by employee_id, appraisal_year, scorecard_id, metric_id
)
select
    employee_id,
    appraisal_year,
    scorecard_id,
    dimension_id,
    metric_id,
    scored.target_value,
    is_blocked,
    numerator,
    denominator,
    mean_of_months_value,
    -- Both sides in units of fourteen places.
    divided_10(
        (weighted_points * 100000000000000::decimal(15, 0))::hugeint, scored_days::hugeint * 100000000000000
    )::decimal(18, 10) as metric_points
from scored
inner join year_dimensions using (employee_id, appraisal_year, scorecard_id, dimension_id)
left join evidence_summed using (employee_id, appraisal_year, scorecard_id, metric_id)
left join values_summed using (employee_id, appraisal_year, scorecard_id, metric_id);

create or replace temp table years_judged as
with years as (
    select employee_id, year(month_start) as appraisal_year, sum(eligible_days) as eligible_days
    from employee_months
    group by employee_id, appraisal_year
),
covered as (
    select
        employee_id,
        year(month_start) as appraisal_year,
        divided_6(units_6(sum(eligible_days * weight_covered)), units_6(sum(eligible_days)))::decimal(9, 6)
            as weight_covered
    from months_judged
    where is_appraised
    group by employee_id, appraisal_year
),
scored as (
    select distinct employee_id, appraisal_year, true as has_scored_month
    from year_dimensions
    where is_scored
),
blocked as (
    select employee_id, appraisal_year, min(metric_id) as blocked_by
    from year_metrics
    where is_blocked
    group by employee_id, appraisal_year
)
select
    employee_id,
    appraisal_year,
    years.eligible_days,
    year_ends.role_id,
    weight_covered,
    make_date(appraisal_year + 1, 1, 1) as next_year_start,
    case
        when termination_date < next_year_start - 1 and termination_date <= getvariable('as_of_date')
            then 'left_before_year_end'
        when
            years.eligible_days < parameter('minimum_eligible_days_year')::int
            and getvariable('as_of_date') >= next_year_start
            then 'eligible_days_below_minimum'
        when has_scored_month is null then 'no_scored_month'
        when blocked_by is not null then 'blocked_by_' || blocked_by
        when weight_covered < parameter('minimum_weight_covered')::decimal(9, 6)
            then 'weight_covered_below_minimum'
        when getvariable('as_of_local_at') < next_year_start + getvariable('first_contact_window')
            then 'windows_still_open'
    end as status_reason,
    case
        when status_reason is null then 'final'
        when status_reason = 'windows_still_open' then 'provisional'
        when status_reason in ('left_before_year_end', 'eligible_days_below_minimum') then 'not_eligible'
        else 'insufficient_data'
    end as status,
    status in ('final', 'provisional') as has_result
from years
inner join staff using (employee_id)
left join year_ends using (employee_id, appraisal_year)
left join covered using (employee_id, appraisal_year)
left join scored using (employee_id, appraisal_year)
left join blocked using (employee_id, appraisal_year);

-- A part of the year, rounded once: points × days of the scorecard × weight / (days of all × weights of all).
-- Points have ten places or fewer, shares and weights six.
create or replace temp macro part_of_year(points, share, year) as divided_6(
    (points * 10000000000)::hugeint * year.eligible_days * (share * 1000000)::hugeint
    * (year.dimension_weight * 1000000)::hugeint,
    year.scored_scorecards_days::hugeint * (year.scored_dimension_weight * 1000000)::hugeint
    * 10000000000000000
);

create or replace table annual_metric_scores as
select
    employee_id,
    appraisal_year,
    scorecard_id,
    dimension_id,
    metric_id,
    numerator,
    denominator,
    divided_6(units_6(numerator), units_6(denominator))::decimal(18, 6) as metric_value,
    mean_of_months_value,
    target_value,
    if(has_result, part_of_year(metric_points, monthly_share, dimensions), null)::decimal(18, 6) as contribution
from year_metrics
inner join year_dimensions as dimensions using (employee_id, appraisal_year, scorecard_id, dimension_id)
inner join years_judged using (employee_id, appraisal_year);

create or replace table annual_dimension_scores as
with points as (
    select
        employee_id,
        appraisal_year,
        scorecard_id,
        dimension_id,
        round(sum(metric_points), 6)::decimal(18, 6) as monthly_score
    from year_metrics
    group by employee_id, appraisal_year, scorecard_id, dimension_id
),
contributions as (
    select
        employee_id,
        appraisal_year,
        scorecard_id,
        dimension_id,
        sum(contribution)::decimal(18, 6) as monthly_contribution
    from annual_metric_scores
    group by employee_id, appraisal_year, scorecard_id, dimension_id
)
select
    employee_id,
    appraisal_year,
    scorecard_id,
    dimension_id,
    dimensions.eligible_days::bigint as eligible_days,
    dimension_weight,
    monthly_score,
    review_score,
    round(monthly_score * monthly_share + coalesce(review_score, 0) * review_share, 6)::decimal(18, 6)
        as dimension_score,
    divided_6(units_6(covered_days), units_6(appraised_days))::decimal(9, 6) as weight_covered,
    monthly_contribution,
    if(
        has_result and is_scored and review_score is not null,
        part_of_year(review_score, review_share, dimensions),
        null
    )::decimal(18, 6) as review_contribution,
    (monthly_contribution + coalesce(review_contribution, 0))::decimal(18, 6) as contribution
from year_dimensions as dimensions
inner join years_judged using (employee_id, appraisal_year)
left join points using (employee_id, appraisal_year, scorecard_id, dimension_id)
left join contributions using (employee_id, appraisal_year, scorecard_id, dimension_id);

create or replace table annual_scorecards as
with summed as (
    select
        employee_id,
        appraisal_year,
        sum(part_of_year(scores.monthly_score, 1, dimensions)) as monthly_score,
        sum(scores.review_score * dimensions.dimension_weight) filter (is_scored) as review_points,
        sum(dimensions.dimension_weight) filter (is_scored and scores.review_score is not null) as reviewed_weight,
        sum(scores.contribution) as annual_score
    from annual_dimension_scores as scores
    inner join year_dimensions as dimensions using (employee_id, appraisal_year, scorecard_id, dimension_id)
    group by employee_id, appraisal_year
),
rounded as (
    select
        years_judged.*,
        if(has_result, monthly_score, null)::decimal(18, 6) as monthly_score,
        if(
            has_result,
            divided_6(
                (review_points * 1000000000000)::hugeint, (reviewed_weight * 1000000)::hugeint * 1000000
            ),
            null
        )::decimal(18, 6) as review_score,
        annual_score::decimal(18, 6) as annual_score,
        round(annual_score, 2)::decimal(9, 2) as published_score
    from years_judged
    left join summed using (employee_id, appraisal_year)
)
select
    employee_id,
    appraisal_year,
    role_id,
    eligible_days::bigint as eligible_days,
    monthly_score,
    review_score,
    annual_score,
    published_score,
    grade_id,
    status,
    status_reason,
    weight_covered
from rounded
left join grade_bands
    on
        published_score >= lower_bound
        and published_score < upper_bound
        and next_year_start - 1 >= valid_from
        and next_year_start - 1 < valid_to;
