create or replace macro waiting(leg, speed) as
    2 + least(lasting(4 + 50 * pow(1 - speed, 1.5), leg, 'wait'), 300);
create or replace macro talking(leg, speed) as
    60 + cast((120 + 420 * (1 - speed)) * (0.3 + 1.4 * draw(leg, 'talk')) as bigint)
    + cast(pow(draw(leg, 'long talk'), 16) * 1500 as bigint);
create or replace macro holding(leg) as
    if(draw(leg, 'held') < 0.3, whole(leg, 'hold', 10, 120), 0);

-- Legs of calls (seconds). Every day's last call is passed on over midnight.
create or replace table legs as
with
calls as (
    select
        *,
        case
            when is_last_of_day or draw(contact, 'direction') >= 0.05 then 'inbound'
            when draw(contact, 'direction') >= 0.01 then 'outbound'
            else 'internal'
        end as direction,
        case
            when is_last_of_day then 'transferred'
            when direction != 'inbound' then 'answered'
            when draw(contact, 'course') < 0.06 then 'abandoned'
            when draw(contact, 'course') < 0.11 then 'missed'
            when draw(contact, 'course') < 0.21 then 'transferred'
            else 'answered'
        end as outcome
    from contacts
    where not is_ticket
),

first_legs as (
    select
        * replace (if(outcome = 'missed', other, agent) as agent),
        if(outcome = 'missed', agent, other) as next_agent,
        contact * 2 as leg,
        if(is_last_of_day, day * 86400 + 86250, arrived_s) as offered_s,
        outcome in ('answered', 'transferred') as is_answered,
        outcome not in ('missed', 'transferred') as is_final,
        case
            when is_last_of_day then 10
            when outcome = 'missed' then whole(leg, 'rings', 15, 30)
            when outcome = 'abandoned' then whole(leg, 'patience', 5, 180)
            else waiting(leg, agent.speed)
        end as waited,
        case
            when is_last_of_day then 90
            when outcome = 'transferred' then talking(leg, agent.speed) // 3
            when is_answered then talking(leg, agent.speed)
            else 0
        end as talked,
        if(is_answered and not is_last_of_day, holding(leg), 0) as held,
        offered_s + waited + talked + held as ended_s
    from calls
),

second_legs as (
    select
        * replace (
            leg + 1 as leg,
            next_agent as agent,
            'answered' as outcome,
            ended_s + whole(leg, 'passed on', 1, 8) as offered_s,
            true as is_answered,
            true as is_final
        )
    from first_legs
    where not is_final
),

answered_legs as (
    select
        * replace (
            waiting(leg, agent.speed) as waited,
            talking(leg, agent.speed) as talked,
            holding(leg) as held
        )
    from second_legs
),

all_legs as (
    select * from first_legs
    union all
    select * replace (offered_s + waited + talked + held as ended_s) from answered_legs
)

select
    *,
    'K' || (100000000 + sequence) as call_id,
    cast((20 + 60 * (1 - agent.speed)) * (0.5 + draw(leg, 'wrap')) as bigint) as wrapped,
    day_of(ended_s) + if(draw(leg, 'landed late') < 0.01, whole(leg, 'nights late', 1, 3), 0)
        as landed_on,
    if(
        is_slow and draw(leg, 'corrected') < 0.035,
        landed_on + whole(leg, 'nights to correct', 1, 5),
        null
    ) as corrected_on
from all_legs;

-- A correction brings another topic and more work after the call.
create or replace view call_legs as
select
    'L' || (100000000 + sequence) * 2 + leg % 2 as leg_id,
    call_id,
    if(direction = 'internal', null, customer_id) as customer_id,
    if(outcome = 'abandoned' and draw(leg, 'rang') < 0.5, null, agent.employee_id) as agent_id,
    if(direction = 'internal', null, one_of(['service', 'sales', 'technical'], contact, 'queue'))
        as queue,
    if(in_slice(corrected_on), one_of(['billing', 'product', 'other'], leg, 'topic'), topic)
        as topic,
    direction,
    instant(offered_s) as offered_at,
    if(is_answered, instant(offered_s + waited), null) as answered_at,
    instant(ended_s) as ended_at,
    if(is_answered, talked, null) as talk_seconds,
    if(is_answered, held, null) as hold_seconds,
    if(is_answered, wrapped + if(in_slice(corrected_on), 30, 0), null) as wrap_seconds,
    outcome
from legs
where in_slice(landed_on) or in_slice(corrected_on);

-- What customers can be asked about and specialists review: solved tickets and answered calls.
create or replace view served as
select
    'ticket' as contact_type, ticket_id as contact_id, contact, sequence * 2 as number,
    solved_s as ended_s, agent, is_asked, is_reviewed
from ticket_courses
where solved_s is not null
union all
select
    'call' as contact_type, call_id as contact_id, contact, sequence * 2 + 1 as number,
    ended_s, agent, is_asked, is_reviewed
from legs
where is_final and is_answered and direction = 'inbound';
