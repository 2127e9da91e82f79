{#-
    A remedy that finds no record, or nobody, changes nothing, and nobody would notice. For
    each type of record: where it is, its id, and the scale of its score.
-#}
{% set records = {
    'survey_response': [
        'stg_surveys__survey_responses', 'response_id', 'scale_min', 'scale_max'
    ],
    'quality_review': ['stg_quality__quality_review_items', 'review_id', '0', '100'],
    'rating': ['stg_appraisal__ratings', 'rating_id', '0', 'scale_max'],
    'ticket': ['int_tickets_credited', 'ticket_id', '0', '0'],
} %}

with

employees as (

    select * from {{ ref('stg_hr__employees') }}

),

remedies as (

    select
        *,
        case
            when remedy = 'exclude_days' then employee_id
            else replacement_employee_id
        end as person_id
    from {{ ref('int_remedies_granted') }}

),

-- Few records are objected to: the others are passed over.
{% for record_type, (model, key, lowest, highest) in records.items() %}
{{ record_type }}s as (

    select distinct
        '{{ record_type }}' as record_type,
        {{ key }} as record_id,
        {{ lowest }} as lowest_score,
        {{ highest }} as highest_score
    from {{ ref(model) }}
    semi join remedies on
        {{ key }} = record_id and record_type = '{{ record_type }}'

),

{% endfor %}
found as (

    {% for record_type in records %}
    select * from {{ record_type }}s
    {% if not loop.last %}union all{% endif %}

    {% endfor %}
),

judged as (

    select
        remedies.objection_id,
        remedies.record_type,
        remedies.record_id,
        case
            when remedies.remedy != 'exclude_days' and found.record_id is null
                then 'no such record is staged'
            when remedies.person_id is not null and employees.employee_id is null
                then remedies.person_id || ' is not among the employees'
            when
                remedies.replacement_score < found.lowest_score
                or remedies.replacement_score > found.highest_score
                then
                    'the score ' || cast(remedies.replacement_score as string)
                    || ' is off the scale of the record, '
                    || cast(found.lowest_score as string) || ' to '
                    || cast(found.highest_score as string)
        end as problem
    from remedies
    left join employees on remedies.person_id = employees.employee_id
    left join found
        on
            remedies.record_type = found.record_type
            and remedies.record_id = found.record_id

)

select * from judged
where problem is not null
