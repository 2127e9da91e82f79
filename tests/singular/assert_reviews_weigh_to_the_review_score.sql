-- By their effective shares, the reviewers make the review score that the year was
-- computed with. Each part is rounded: hence the tolerance.
with

int_year_reviews as (

    select * from {{ ref('int_year_reviews') }}

),

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
    int_year_reviews.review_score as expected_score
from weighed
left join int_year_reviews
    on
        weighed.employee_id = int_year_reviews.employee_id
        and weighed.appraisal_year = int_year_reviews.appraisal_year
        and weighed.dimension_id = int_year_reviews.dimension_id
where
    int_year_reviews.review_score is null
    or abs(weighed.review_score - int_year_reviews.review_score) > 0.001
    or abs(weighed.effective_share - 1) > 0.00001
