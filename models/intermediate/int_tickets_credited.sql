-- depends_on: {{ ref('int_records_touched') }}
-- What they counted for until now is noted before they are replaced.
-- depends_on: {{ ref('int_months_touched') }}
with

{% if is_incremental() %}
records_touched as (

    select * from {{ ref('int_records_touched') }}

),

{% endif %}
ticket_versions as (

    select * from {{ ref('base_helpdesk__ticket_versions') }}
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

calendar_days as (

    select * from {{ ref('int_calendar_days') }}

),

time_zone_offsets as (

    select * from {{ ref('int_time_zone_offsets') }}

),

parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

remedies as (

    select * from {{ ref('int_remedies_granted') }}
    where record_type = 'ticket'

),

keyed as (

    select
        *,
        {{ subject_key('customer_id', 'topic') }} as subject_key
    from ticket_versions

),

newest as (

    select
        ticket_id,
        max_by(
            {{ packed(['subject_key', 'is_complaint', 'created_at']) }},
            {{ packed(['updated_at', 'loaded_on']) }}
        ) as ticket
    from keyed
    group by ticket_id

),

tickets as (

    select
        ticket_id,
        ticket['subject_key'] as subject_key,
        ticket['is_complaint'] as is_complaint,
        ticket['created_at'] as created_at
    from newest
    where {{ known_by_as_of("ticket['created_at']") }}

),

judged as (

    select
        *,
        (occurred_at, event_id) as moment,
        event_type = 'replied' and actor_type = 'agent' as is_reply,
        event_type = 'status_changed' and status = 'solved' as is_solving,
        case
            when assignee_id is not null then assignee_id
            when actor_type = 'agent' then coalesce(actor_id, '')
            else ''
        end as solver_id
    from ticket_events
    where
        event_type in ('replied', 'status_changed', 'reopened', 'escalated')
        and {{ known_by_as_of('occurred_at') }}

),

-- The empty text stands for nobody, because aggregates pass over a null.
summarised as (

    select
        ticket_id,
        min(occurred_at) filter (where is_reply) as first_reply_at,
        min_by(coalesce(actor_id, ''), moment) filter (where is_reply)
            as first_replied_by,
        max(occurred_at) filter (where is_solving) as last_solved_at,
        max_by(solver_id, moment) filter (where is_solving) as last_solved_by,
        min(occurred_at) filter (where event_type = 'reopened') as first_reopened_at,
        count(*) filter (where event_type = 'escalated') as escalations
    from judged
    group by ticket_id

),

localised as (

    select
        tickets.ticket_id,
        tickets.subject_key,
        tickets.is_complaint,
        tickets.created_at,
        summarised.first_reply_at,
        nullif(summarised.first_replied_by, '') as first_replied_by,
        summarised.last_solved_at,
        nullif(summarised.last_solved_by, '') as last_solved_by,
        summarised.first_reopened_at,
        coalesce(summarised.escalations, 0) > 0 as is_escalated,
        {{ add_seconds('tickets.created_at', 'created_offsets.offset_seconds') }}
            as created_local_at,
        {{ add_seconds('summarised.first_reply_at', 'replied_offsets.offset_seconds') }}
            as first_reply_local_at,
        {{ add_seconds('summarised.last_solved_at', 'solved_offsets.offset_seconds') }}
            as last_solved_local_at
    from tickets
    left join summarised on tickets.ticket_id = summarised.ticket_id
    left join time_zone_offsets as created_offsets
        on
            tickets.created_at >= created_offsets.valid_from_at
            and tickets.created_at < created_offsets.valid_to_at
    left join time_zone_offsets as replied_offsets
        on
            summarised.first_reply_at >= replied_offsets.valid_from_at
            and summarised.first_reply_at < replied_offsets.valid_to_at
    left join time_zone_offsets as solved_offsets
        on
            summarised.last_solved_at >= solved_offsets.valid_from_at
            and summarised.last_solved_at < solved_offsets.valid_to_at

),

timed as (

    select
        localised.*,
        cast(localised.first_reply_local_at as date) as first_reply_on,
        cast(localised.last_solved_local_at as date) as last_solved_on,
        {{ business_seconds_until('localised.created_local_at', 'created_days') }}
            as created_business_second,
        {{ business_seconds_until('localised.first_reply_local_at', 'replied_days') }}
            as first_reply_business_second,
        {{ business_seconds_until('localised.last_solved_local_at', 'solved_days') }}
            as last_solved_business_second
    from localised
    left join calendar_days as created_days
        on cast(localised.created_local_at as date) = created_days.calendar_date
    left join calendar_days as replied_days
        on cast(localised.first_reply_local_at as date) = replied_days.calendar_date
    left join calendar_days as solved_days
        on cast(localised.last_solved_local_at as date) = solved_days.calendar_date

),

-- A reply that is stamped before its ticket took no time.
spanned as (

    select
        *,
        case
            when first_reply_business_second < created_business_second then 0
            else first_reply_business_second - created_business_second
        end as first_reply_business_seconds,
        case
            when last_solved_business_second < created_business_second then 0
            else last_solved_business_second - created_business_second
        end as last_solved_business_seconds
    from timed

),

credited as (

    select
        spanned.ticket_id,
        spanned.subject_key,
        spanned.created_at,
        case
            when spanned.first_replied_by is not null
                then
                    coalesce(remedies.replacement_employee_id, spanned.first_replied_by)
        end as first_replied_by,
        spanned.first_reply_on,
        spanned.first_reply_business_seconds,
        case
            when spanned.last_solved_by is not null
                then coalesce(remedies.replacement_employee_id, spanned.last_solved_by)
        end as last_solved_by,
        spanned.last_solved_at,
        spanned.last_solved_on,
        spanned.first_reopened_at,
        spanned.is_complaint and spanned.last_solved_business_seconds is not null
            as is_timed_complaint,
        spanned.last_solved_business_seconds
        <= parameters.complaint_limit_business_hours * 3600
        and not spanned.is_escalated
        and spanned.first_reopened_at is null as is_handled_well
    from spanned
    cross join parameters
    left join remedies on spanned.ticket_id = remedies.record_id

)

select * from credited
