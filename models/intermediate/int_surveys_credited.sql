-- depends_on: {{ ref('int_records_touched') }}
-- What they counted for until now is noted before they are replaced.
-- depends_on: {{ ref('int_months_touched') }}
with

{% if is_incremental() %}
records_touched as (

    select * from {{ ref('int_records_touched') }}

),

{% endif %}
survey_responses as (

    select * from {{ ref('stg_surveys__survey_responses') }}
    {% if is_incremental() %}
    semi join records_touched on
        contact_type = record_type and contact_id = record_id
    {% endif %}

),

tickets as (

    select * from {{ ref('int_tickets_credited') }}
    {% if is_incremental() %}
    semi join records_touched on ticket_id = record_id and record_type = 'ticket'
    {% endif %}

),

ticket_events as (

    select * from {{ ref('stg_helpdesk__ticket_events') }}
    {% if is_incremental() %}
    semi join records_touched on ticket_id = record_id and record_type = 'ticket'
    {% endif %}

),

call_legs as (

    select * from {{ ref('stg_telephony__call_legs') }}
    {% if is_incremental() %}
    semi join records_touched on call_id = record_id and record_type = 'call'
    {% endif %}

),

time_zone_offsets as (

    select * from {{ ref('int_time_zone_offsets') }}

),

parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

remedies as (

    select * from {{ ref('int_remedies_granted') }}
    where record_type = 'survey_response'

),

valid as (

    select
        survey_responses.response_id,
        survey_responses.survey_type,
        survey_responses.contact_type,
        survey_responses.contact_id,
        survey_responses.responded_at,
        coalesce(remedies.replacement_score, survey_responses.score) as score,
        survey_responses.scale_min,
        survey_responses.scale_max,
        remedies.replacement_employee_id
    from survey_responses
    left join remedies on survey_responses.response_id = remedies.record_id
    where
        survey_responses.responded_at is not null
        and survey_responses.score is not null
        and coalesce(remedies.remedy != 'void', true)
        and {{ known_by_as_of('survey_responses.responded_at') }}

),

latest as (

    select *
    from valid
    qualify
        row_number() over (
            partition by survey_type, contact_type, contact_id
            order by responded_at desc, response_id desc
        ) = 1

),

rated_tickets as (

    select latest.*
    from latest
    semi join tickets on latest.contact_id = tickets.ticket_id
    where latest.contact_type = 'ticket'

),

-- Credit goes to who held the contact when it was rated, not to who holds it now.
ticket_holders as (

    select
        rated_tickets.response_id,
        max_by(
            ticket_events.assignee_id,
            (ticket_events.occurred_at, ticket_events.event_id)
        ) as employee_id
    from rated_tickets
    inner join ticket_events
        on
            rated_tickets.contact_id = ticket_events.ticket_id
            and rated_tickets.responded_at >= ticket_events.occurred_at
    where ticket_events.assignee_id is not null
    group by rated_tickets.response_id

),

-- The empty text stands for nobody, because aggregates pass over a null.
call_holders as (

    select
        latest.response_id,
        max_by(
            coalesce(call_legs.agent_id, ''),
            (call_legs.answered_at, call_legs.leg_id)
        ) as employee_id
    from latest
    inner join call_legs
        on
            latest.contact_id = call_legs.call_id
            and latest.responded_at >= call_legs.answered_at
    where
        latest.contact_type = 'call'
        and call_legs.outcome in ('answered', 'transferred')
        and call_legs.direction != 'internal'
    group by latest.response_id

),

holders as (

    select * from ticket_holders
    union all
    select * from call_holders
    where employee_id != ''

),

credited as (

    select
        latest.response_id,
        latest.survey_type,
        latest.contact_type,
        latest.contact_id,
        coalesce(latest.replacement_employee_id, holders.employee_id) as employee_id,
        cast(
            {{ add_seconds('latest.responded_at', 'time_zone_offsets.offset_seconds') }}
            as date
        ) as responded_on,
        latest.score,
        case
            when latest.scale_max - latest.scale_min = 1
                then latest.score = latest.scale_max
            else latest.score > latest.scale_max - parameters.csat_top_boxes
        end as is_top_box
    from latest
    inner join holders on latest.response_id = holders.response_id
    cross join parameters
    left join time_zone_offsets
        on
            latest.responded_at >= time_zone_offsets.valid_from_at
            and latest.responded_at < time_zone_offsets.valid_to_at

)

select * from credited
