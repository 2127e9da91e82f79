{#- An export that falls silent loses its weight to the others, unseen. -#}
{% set instants = {
    'tickets': ['stg_helpdesk__tickets', 'created_at'],
    'ticket_events': ['stg_helpdesk__ticket_events', 'occurred_at'],
    'call_legs': ['stg_telephony__call_legs', 'ended_at'],
    'survey_responses': ['stg_surveys__survey_responses', 'updated_at'],
    'quality_review_items': ['stg_quality__quality_review_items', 'reviewed_at'],
    'attendance': ['stg_hr__attendance', 'work_date'],
} %}

with

as_of as (

    select * from {{ ref('int_as_of') }}

),

days as (

    {% for table_name, (model, instant) in instants.items() %}
    select distinct
        '{{ table_name }}' as table_name,
        cast({{ instant }} as date) as recorded_on
    from {{ ref(model) }}
    {% if not loop.last %}union all{% endif %}

    {% endfor %}
),

followed as (

    select
        table_name,
        recorded_on,
        lead(recorded_on) over (
            partition by table_name order by recorded_on
        ) as next_recorded_on
    from days

),

-- The last day is followed by as-of: a stream that ended early is as silent.
silences as (

    select
        followed.table_name,
        followed.recorded_on as silent_after,
        coalesce(followed.next_recorded_on, as_of.as_of_date) as silent_until
    from followed
    cross join as_of

)

-- No month has fewer than 28 days.
select * from silences
where silent_until > silent_after + 28
