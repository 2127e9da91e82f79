{#-
    One stray row from the future would move `now` for everybody, even after a later load
    corrected it.
-#}
{% set answered = 'greatest(updated_at, responded_at)' %}
{% set rows_of = [
    ('tickets', 'base_helpdesk__ticket_versions', 'ticket_id', 'updated_at', 'true'),
    ('ticket_events', 'stg_helpdesk__ticket_events', 'event_id', 'occurred_at', 'true'),
    ('call_legs', 'stg_telephony__call_legs', 'leg_id', 'ended_at', 'true'),
    ('survey_responses', 'stg_surveys__survey_responses', 'response_id', answered, 'true'),
    ('quality_review_items', 'stg_quality__quality_review_items', 'review_id',
        'reviewed_at', 'true'),
    ('ticket_events', 'base_helpdesk__ticket_events', 'event_id', 'occurred_at',
        "row_outcome = 'superseded'"),
    ('call_legs', 'base_telephony__call_legs', 'leg_id', 'ended_at',
        "row_outcome = 'superseded'"),
    ('survey_responses', 'base_surveys__survey_responses', 'response_id', answered,
        "row_outcome = 'superseded'"),
    ('quality_review_items', 'base_quality__quality_review_items', 'review_id',
        'reviewed_at', "row_outcome = 'superseded'"),
] %}

with

export_days as (

    select * from {{ ref('int_export_days') }}

),

newest as (

    select
        table_name,
        max(newest_at) as newest_at
    from export_days
    where newest_at is not null
    group by table_name

),

placed as (

    select
        *,
        row_number() over (order by newest_at desc, table_name asc) as place
    from newest

),

second as (

    select newest_at as second_newest_at
    from placed
    where place = 2

),

-- An as-of that is set by the variable needs no support.
unsupported as (

    select
        placed.table_name,
        placed.newest_at,
        second.second_newest_at
    from placed
    cross join second
    where
        placed.newest_at > {{ add_seconds('second.second_newest_at', '3 * 86400') }}
        and {{ 'true' if var('as_of', none) is none else 'false' }}

)

{% for table_name, model, key, instant, condition in rows_of %}
select
    unsupported.table_name,
    {{ table_name }}.{{ key }} as row_key,
    unsupported.newest_at,
    unsupported.second_newest_at
from unsupported
inner join {{ ref(model) }} as {{ table_name }}
    on unsupported.newest_at = {{ instant }}
where unsupported.table_name = '{{ table_name }}' and {{ condition }}
{% if not loop.last %}union all{% endif %}

{% endfor %}
