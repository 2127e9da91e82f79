-- What annual_reviews says of each reviewer makes, by the effective shares, the review score
-- that the year was computed with. Each part is rounded: hence the tolerance.
with

weighed as (

    select
        employee_id,
        appraisal_year,
        dimension_id,
        sum(effective_share * review_score) as review_score,
        sum(effective_share) as effective_share
    from {{ ref('annual_reviews') }}
    where ratings > 0
    group by employee_id, appraisal_year, dimension_id

)

select
    weighed.employee_id,
    weighed.appraisal_year,
    weighed.dimension_id,
    weighed.review_score,
    reviews.review_score as expected_score
from weighed
left join {{ ref('int_year_reviews') }} as reviews
    on
        weighed.employee_id = reviews.employee_id
        and weighed.appraisal_year = reviews.appraisal_year
        and weighed.dimension_id = reviews.dimension_id
where
    reviews.review_score is null
    or abs(weighed.review_score - reviews.review_score) > 0.001
    or abs(weighed.effective_share - 1) > 0.00001
