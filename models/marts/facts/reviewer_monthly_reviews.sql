with

reviews as (

    select * from {{ ref('int_reviews_credited') }}

),

summed as (

    select
        employee_id,
        cast(date_trunc('month', reviewed_on) as date) as month_start,
        count(*) filter (where not is_calibration) as reviews,
        count(*) filter (where not is_calibration and is_overturned)
            as reviews_overturned,
        count(*) filter (where not is_calibration and has_ended_contact)
            as reviews_of_ended_contacts,
        count(*) filter (where not is_calibration and has_ended_contact and is_timely)
            as reviews_timely,
        count(*) filter (where is_compared) as calibrations,
        count(*) filter (where is_compared and is_agreeing) as calibrations_agreeing
    from reviews
    group by employee_id, cast(date_trunc('month', reviewed_on) as date)

)

select * from summed
