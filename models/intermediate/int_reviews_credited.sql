with

review_items as (

    select * from {{ ref('int_review_items_scored') }}

),

contacts as (

    select * from {{ ref('int_contacts_matched') }}

),

-- Few contacts are reviewed: the others need not be kept in mind.
reviewed_contacts as (

    select contacts.*
    from contacts
    semi join review_items
        on
            contacts.contact_type = review_items.contact_type
            and contacts.contact_id = review_items.contact_id

),

parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

summed as (

    select
        review_id,
        min(reviewer_id) as employee_id,
        min(contact_type) as contact_type,
        min(contact_id) as contact_id,
        min(review_at) as review_at,
        min(reviewed_on) as reviewed_on,
        min(calibration_id) as calibration_id,
        max(case when is_calibration then 1 else 0 end) = 1 as is_calibration,
        max(case when status = 'voided' then 1 else 0 end) = 1 as is_voided,
        max(case when status = 'overturned' then 1 else 0 end) = 1 as is_overturned,
        sum(100 * points) filter (where is_applicable) as points,
        sum(weight) filter (where is_applicable) as weight
    from review_items
    group by review_id

),

scored as (

    select
        *,
        cast(
            {{ divide('points', 'weight', 4, scale=6) }}
            as decimal(9, 4)
        ) as review_score
    from summed
    where not is_voided

),

calibrated as (

    select
        *,
        row_number() over (
            partition by calibration_id order by review_score, review_id
        ) as place,
        count(*) over (partition by calibration_id) as session_reviews
    from scored
    where
        is_calibration and calibration_id is not null and review_score is not null

),

-- Twice the median: the sum of the middle two, or the middle one twice.
medians as (

    select
        calibration_id,
        session_reviews,
        sum(
            case
                when session_reviews % 2 = 1 then 2 * review_score
                else review_score
            end
        ) as twice_the_median
    from calibrated
    where
        place in (
            cast(floor((session_reviews + 1) / 2) as bigint),
            cast(floor((session_reviews + 2) / 2) as bigint)
        )
    group by calibration_id, session_reviews

),

credited as (

    select
        scored.review_id,
        scored.employee_id,
        scored.reviewed_on,
        scored.is_calibration,
        scored.is_overturned,
        reviewed_contacts.ended_at is not null as has_ended_contact,
        scored.review_at <= {{ add_seconds(
            'reviewed_contacts.ended_at', 'parameters.review_timeliness_days * 86400'
        ) }} as is_timely,
        scored.is_calibration
        and scored.review_score is not null
        and coalesce(medians.session_reviews > 1, false) as is_compared,
        abs(2 * scored.review_score - medians.twice_the_median)
        <= 2 * parameters.calibration_tolerance_points as is_agreeing
    from scored
    cross join parameters
    left join reviewed_contacts
        on
            scored.contact_type = reviewed_contacts.contact_type
            and scored.contact_id = reviewed_contacts.contact_id
    left join medians on scored.calibration_id = medians.calibration_id

)

select * from credited
