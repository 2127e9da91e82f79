-- An answer, on the scale of its question: the better, the more skilled.
create or replace macro answer(key, what, skill, survey_type) as
    case
        when draw(key, what) < 0.5 + 0.48 * skill
            then case survey_type
                when 'csat' then if(draw(key, what || ' best') < 0.6, 5, 4)
                when 'nps' then if(draw(key, what || ' best') < 0.3 + 0.5 * skill, 10, 8)
                else if(draw(key, what || ' best') < 0.5, 7, 6)
            end
        else case survey_type
            when 'csat' then whole(key, what || ' worse', 1, 3)
            when 'nps' then whole(key, what || ' worse', 0, 7)
            else whole(key, what || ' worse', 1, 5)
        end
    end;

-- One in eight stays unanswered, one in twenty answers changes, one in a hundred lands weeks
-- late, and some customers answer twice.
create or replace view survey_responses as
with
sent as (
    select
        *,
        unnest(if(draw(contact, 'asked twice') < 0.02, [0, 1], [0])) as repetition,
        contact * 2 + repetition as survey,
        one_of(
            ['csat', 'csat', 'csat', 'csat', 'csat', 'csat', 'csat', 'nps', 'nps', 'ces'],
            contact,
            'question'
        ) as survey_type,
        ended_s + whole(survey, 'sending', 300, 7200) as sent_s
    from served
    where is_asked
),

answered as (
    select
        *,
        if(
            draw(survey, 'answered') < 0.875,
            sent_s + 60 + cast(pow(draw(survey, 'answering'), 4) * 432000 as bigint),
            null
        ) as responded_s,
        if(draw(survey, 'answer late') < 0.01, whole(survey, 'weeks late', 5, 21), 0) as late_days,
        unnest(if(responded_s is not null and draw(survey, 'changed') < 0.05, [0, 1], [0]))
            as version,
        coalesce(responded_s, sent_s) + version * whole(survey, 'changing', 600, 172800)
            as updated_s
    from sent
)

select
    'S' || (100000000 + number * 2 + repetition) as response_id,
    survey_type,
    contact_type,
    contact_id,
    instant(sent_s) as sent_at,
    instant(responded_s) as responded_at,
    case
        when responded_s is null then null
        when version = 0 then answer(survey, 'answer', agent.customer_skill, survey_type)
        else answer(survey, 'other answer', agent.customer_skill, survey_type)
    end as score,
    if(survey_type = 'nps', 0, 1) as scale_min,
    case survey_type when 'csat' then 5 when 'nps' then 10 else 7 end as scale_max,
    instant(updated_s) as updated_at
from answered
where in_slice(day_of(updated_s) + late_days);
