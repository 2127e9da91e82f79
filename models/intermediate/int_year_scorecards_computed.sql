with

years_judged as (

    select * from {{ ref('int_years_judged') }}

),

year_dimensions as (

    select * from {{ ref('int_year_dimensions') }}

),

dimension_scores as (

    select * from {{ ref('int_year_dimensions_computed') }}

),

grade_bands as (

    select * from {{ ref('grade_bands') }}

),

-- For reading: the year by the months alone, and by the reviews alone.
parts as (

    select
        dimension_scores.*,
        {{ divide(
            'cast(dimension_scores.monthly_score as decimal(38, 6))'
            ' * year_dimensions.eligible_days'
            ' * year_dimensions.dimension_weight',
            'year_dimensions.scored_scorecards_days'
            ' * year_dimensions.scored_dimension_weight',
            6,
        ) }} as monthly_part,
        case
            when year_dimensions.is_scored
                then
                    cast(dimension_scores.review_score as decimal(38, 6))
                    * dimension_scores.dimension_weight
        end as review_part,
        case
            when
                year_dimensions.is_scored and dimension_scores.review_score is not null
                then dimension_scores.dimension_weight
        end as reviewed_weight
    from dimension_scores
    inner join year_dimensions
        on
            dimension_scores.employee_id = year_dimensions.employee_id
            and dimension_scores.appraisal_year = year_dimensions.appraisal_year
            and dimension_scores.scorecard_id = year_dimensions.scorecard_id
            and dimension_scores.dimension_id = year_dimensions.dimension_id

),

summed as (

    select
        employee_id,
        appraisal_year,
        sum(monthly_part) as monthly_score,
        sum(review_part) as review_part,
        sum(reviewed_weight) as reviewed_weight,
        sum(contribution) as annual_score
    from parts
    group by employee_id, appraisal_year

),

rounded as (

    select
        years_judged.employee_id,
        years_judged.appraisal_year,
        years_judged.role_id,
        years_judged.year_start,
        cast(years_judged.eligible_days as bigint) as eligible_days,
        case
            when years_judged.has_result
                then cast(summed.monthly_score as decimal(18, 6))
        end as monthly_score,
        case
            when years_judged.has_result
                then
                    cast(
                        {{ divide('summed.review_part', 'summed.reviewed_weight', 6) }}
                        as decimal(18, 6)
                    )
        end as review_score,
        cast(summed.annual_score as decimal(18, 6)) as annual_score,
        cast(round(summed.annual_score, 2) as decimal(9, 2)) as published_score,
        years_judged.status,
        years_judged.status_reason,
        years_judged.weight_covered
    from years_judged
    left join summed
        on
            years_judged.employee_id = summed.employee_id
            and years_judged.appraisal_year = summed.appraisal_year

),

-- Graded after rounding: what the person reads decides.
graded as (

    select
        rounded.employee_id,
        rounded.appraisal_year,
        rounded.role_id,
        rounded.eligible_days,
        rounded.monthly_score,
        rounded.review_score,
        rounded.annual_score,
        rounded.published_score,
        grade_bands.grade_id,
        rounded.status,
        rounded.status_reason,
        rounded.weight_covered
    from rounded
    left join grade_bands
        on
            rounded.published_score >= grade_bands.lower_bound
            and (
                grade_bands.upper_bound is null
                or rounded.published_score < grade_bands.upper_bound
            )
            and {{ add_months('rounded.year_start', 12) }} - 1 >= grade_bands.valid_from
            and (
                grade_bands.valid_to is null
                or {{ add_months('rounded.year_start', 12) }} - 1 < grade_bands.valid_to
            )

)

select * from graded
{{ of_the_periods_to_build() }}
