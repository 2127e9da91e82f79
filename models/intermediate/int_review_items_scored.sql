-- depends_on: {{ ref('int_records_touched') }}
-- What they counted for until now is noted before they are replaced.
-- depends_on: {{ ref('int_months_touched') }}
with

{% if is_incremental() %}
records_touched as (

    select * from {{ ref('int_records_touched') }}

),

{% endif %}
quality_review_items as (

    select * from {{ ref('stg_quality__quality_review_items') }}
    {% if is_incremental() %}
    semi join records_touched on
        review_id = record_id and record_type = 'quality_review'
    {% endif %}

),

time_zone_offsets as (

    select * from {{ ref('int_time_zone_offsets') }}

),

sections as (

    select * from {{ ref('quality_sections') }}

),

remedies as (

    select * from {{ ref('int_remedies_granted') }}
    where record_type = 'quality_review'

),

-- Items of a review may disagree until all have come: the newest says how it stands.
judged as (

    select
        *,
        max(reviewed_at) over (partition by review_id) as review_at,
        first_value(status) over (
            partition by review_id order by reviewed_at desc, item_id desc
        ) as review_status,
        max(
            case when is_applicable and is_fatal and score = 0 then 1 else 0 end
        ) over (partition by review_id) = 1 as has_failed_fatally
    from quality_review_items
    where {{ known_by_as_of('reviewed_at') }}

),

scored as (

    select
        judged.review_id,
        judged.item_id,
        judged.section,
        sections.metric_id,
        judged.contact_type,
        judged.contact_id,
        coalesce(remedies.replacement_employee_id, judged.agent_id) as agent_id,
        judged.reviewer_id,
        judged.review_at,
        cast(
            {{ add_seconds('judged.review_at', 'time_zone_offsets.offset_seconds') }}
            as date
        ) as reviewed_on,
        judged.is_calibration,
        judged.calibration_id,
        case when remedies.remedy = 'void' then 'voided' else judged.review_status end
            as status,
        judged.is_applicable,
        cast(judged.weight as decimal(18, 6)) as weight,
        case
            when not judged.is_applicable then null
            when remedies.replacement_score is not null
                then
                    {{ divide(
                        'judged.weight * remedies.replacement_score', '100', 6, scale=8
                    ) }}
            when judged.has_failed_fatally then 0
            else
                {{ divide(
                    'judged.score * judged.weight', 'judged.max_score', 6, scale=8
                ) }}
        end as points
    from judged
    left join sections on judged.section = sections.section
    left join remedies on judged.review_id = remedies.record_id
    left join time_zone_offsets
        on
            judged.review_at >= time_zone_offsets.valid_from_at
            and judged.review_at < time_zone_offsets.valid_to_at

)

select
    review_id,
    item_id,
    section,
    metric_id,
    contact_type,
    contact_id,
    agent_id,
    reviewer_id,
    review_at,
    reviewed_on,
    is_calibration,
    calibration_id,
    status,
    is_applicable,
    weight,
    cast(points as decimal(18, 6)) as points
from scored
