{#-
    Systems that spell ids differently never meet: the evidence would be nobody's. Of the ids of
    records there are millions; a thousand, drawn by their hash, say as much, and if none of
    them is known, no more than a few in a thousand are.
-#}
{% set people = [
    ('stg_appraisal__closings', 'employee_id'),
    ('stg_appraisal__goals', 'employee_id'),
    ('stg_appraisal__grade_decisions', 'employee_id'),
    ('stg_appraisal__interviews', 'employee_id'),
    ('stg_appraisal__interviews', 'interviewer_id'),
    ('stg_appraisal__objections', 'employee_id'),
    ('stg_appraisal__objections', 'replacement_employee_id'),
    ('stg_appraisal__ratings', 'ratee_id'),
    ('stg_hr__absences', 'employee_id'),
    ('stg_hr__attendance', 'employee_id'),
    ('stg_hr__violations', 'employee_id'),
    ('stg_learning__coaching_sessions', 'coach_id'),
    ('stg_learning__coaching_sessions', 'employee_id'),
    ('stg_learning__exams', 'employee_id'),
    ('stg_learning__trainings', 'employee_id'),
    ('stg_operations__improvements', 'owner_id'),
    ('stg_operations__management_reports', 'owner_id'),
    ('stg_operations__succession_plans', 'supervisor_id'),
    ('stg_operations__suggestions', 'employee_id'),
    ('stg_quality__quality_review_items', 'agent_id'),
    ('stg_quality__quality_review_items', 'reviewer_id'),
    ('stg_telephony__call_legs', 'agent_id'),
    ('stg_helpdesk__ticket_events', 'assignee_id'),
] %}
{% set records = [
    ('stg_quality__quality_review_items', 'contact_id'),
    ('stg_surveys__survey_responses', 'contact_id'),
    ('stg_helpdesk__ticket_events', 'ticket_id'),
] %}

with

people as (

    select employee_id as known_id from {{ ref('stg_hr__employees') }}

),

records as (

    select contact_id as known_id from {{ ref('int_contacts_matched') }}

),

{% for table_name, column in people + records %}
{% set known = 'people' if loop.index <= people | length else 'records' %}
{{ table_name }}_{{ column }} as (

    select {{ column }} as any_id
    from {{ ref(table_name) }}
    where
        {{ column }} is not null
        and {{ is_of_this_night(table_name.split('__')[1]) }}
    {% if known == 'records' %}
    group by {{ column }}
    order by {{ row_key([column]) }}
    limit 1000
    {% endif %}

),

{{ table_name }}_{{ column }}_known as (

    select
        '{{ table_name }}' as table_name,
        '{{ column }}' as column_name,
        count(*) as known_rows
    from {{ table_name }}_{{ column }}
    semi join {{ known }}
        on {{ table_name }}_{{ column }}.any_id = {{ known }}.known_id

),

{% endfor %}
counted as (

    {% for table_name, column in people + records %}
    select
        '{{ table_name }}' as table_name,
        '{{ column }}' as column_name,
        min(any_id) as example_id,
        approx_count_distinct(any_id) as ids
    from {{ table_name }}_{{ column }}
    {% if not loop.last %}union all{% endif %}

    {% endfor %}
),

known as (

    {% for table_name, column in people + records %}
    select * from {{ table_name }}_{{ column }}_known
    {% if not loop.last %}union all{% endif %}

    {% endfor %}
)

-- A stranger or two is no other spelling.
select counted.*
from counted
inner join known using (table_name, column_name)
where counted.ids >= 10 and known.known_rows = 0
