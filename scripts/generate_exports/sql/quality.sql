-- Reviews, some days after the contact in office hours; one contact in fifty is scored by several
-- specialists, to calibrate them. A review that is voided or overturned comes again.
create or replace table reviews as
with
planned as (
    select
        *,
        draw(contact, 'calibrated') < 0.02 as is_calibration,
        office_second(
            day_of(ended_s) + if(
                draw(contact, 'reviewed late') < 0.08,
                whole(contact, 'days to review', 6, 10),
                whole(contact, 'days to review', 1, 3)
            ),
            contact,
            'review'
        ) as planned_s,
        day_of(planned_s) as review_day
    from served
    where is_reviewed
),

assigned as (
    select
        planned.*,
        unnest(range(if(is_calibration, least(4, qa_staff), 1))) as place,
        contact * 8 + place as review,
        (whole(contact, 'reviewer', 0, qa_staff - 1) + place) % qa_staff as seat,
        planned_s + place * 900 as reviewed_s
    from planned
    inner join staffed_days on planned.review_day = staffed_days.day
)

select
    assigned.*,
    reviewers.person as reviewer,
    'Q' || (100000000 + number) * 8 + place as review_id,
    if(is_calibration, 'CAL' || (100000000 + number), null) as calibration_id,
    case
        when is_calibration then 'final'
        when draw(review, 'status') < 0.015 then 'voided'
        when draw(review, 'status') < 0.025 + 0.06 * (1 - reviewers.person.reliability)
            then 'overturned'
        else 'final'
    end as last_status,
    review_day + if(draw(review, 'landed late') < 0.01, whole(review, 'nights late', 1, 3), 0)
        as entered_on,
    if(last_status != 'final', review_day + whole(review, 'days to status', 8, 18), null)
        as changed_on
from assigned
inner join duty as reviewers
    on
        reviewers.role = 'qa_specialist'
        and assigned.review_day = reviewers.day
        and assigned.seat = reviewers.seat;

create or replace view quality_review_items as
with
items (item, item_id, section, weight, is_fatal) as (
    values
    (0, 'ST1', 'standards', 2, false),
    (1, 'ST2', 'standards', 2, false),
    (2, 'ST3', 'standards', 1, true),
    (3, 'CO1', 'communication', 2, false),
    (4, 'CO2', 'communication', 1, false),
    (5, 'AT1', 'attitude', 2, false)
),

-- In a calibration all see the same contact, and a less reliable eye sees it differently.
scored as (
    select
        *,
        contact * 8 + item as contact_item,
        review * 8 + item as review_item,
        case
            when item_id in ('ST1', 'ST3') then agent.reliability
            when item_id in ('ST2', 'CO2') then agent.knowledge
            else agent.customer_skill
        end as strength,
        is_fatal or draw(contact_item, 'applies') >= 0.06 as is_applicable,
        cast(round(5 * (0.25 + 0.5 * strength + 0.5 * draw(contact_item, 'points'))) as integer)
            as seen,
        if(
            draw(review_item, 'eye') < 0.3 * (1.15 - reviewer.reliability),
            one_of([-2, -1, 1], review_item, 'slip'),
            0
        ) as slip,
        case
            when not is_fatal then bounded(seen + slip, 0, 5)
            when draw(contact_item, 'fatal') < 0.04 * (1 - strength) then 0
            else 5
        end as points
    from reviews
    cross join items
    where in_slice(entered_on) or in_slice(changed_on)
)

select
    review_id,
    item_id,
    section,
    contact_type,
    contact_id,
    agent.employee_id as agent_id,
    reviewer.employee_id as reviewer_id,
    instant(reviewed_s) as reviewed_at,
    if(is_applicable, points, null) as score,
    5 as max_score,
    weight,
    is_applicable,
    is_fatal,
    is_calibration,
    calibration_id,
    if(in_slice(changed_on), last_status, 'final') as status
from scored;

-- Every overturned review was objected to, and some that stood.
create or replace view objections as
select
    if(last_status = 'overturned', changed_on, review_day + 12) as decided_day,
    unnest([decided_day - 6, decided_day]) as landed_on,
    'O' || substr(review_id, 2) as objection_id,
    agent.employee_id,
    'quality_review' as target_type,
    review_id as target_id,
    date_of(decided_day - 6) as filed_on,
    known(decided_day, landed_on) as decided_on,
    if(decided_day <= landed_on, if(last_status = 'overturned', 'upheld', 'rejected'), null)
        as outcome,
    -- The system of the reviews has overturned what was upheld: nothing is left to remedy.
    null as period_type,
    null as period_start,
    null as remedy,
    null as replacement_score,
    null as replacement_employee_id,
    null as excluded_from,
    null as excluded_to
from reviews
where
    last_status = 'overturned'
    or (last_status = 'final' and not is_calibration and draw(review, 'objected') < 0.01);
