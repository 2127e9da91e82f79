with

months_judged as (

    select * from {{ ref('int_months_judged') }}

),

dimension_scores as (

    select * from {{ ref('int_month_dimensions_computed') }}

),

grade_bands as (

    select * from {{ ref('grade_bands') }}

),

summed as (

    select
        employee_id,
        month_start,
        scorecard_id,
        sum(contribution) as monthly_score
    from dimension_scores
    group by employee_id, month_start, scorecard_id

),

rounded as (

    select
        months_judged.employee_id,
        months_judged.month_start,
        months_judged.scorecard_id,
        months_judged.role_id,
        months_judged.eligible_days,
        months_judged.is_appraised,
        cast(summed.monthly_score as decimal(18, 6)) as monthly_score,
        cast(round(summed.monthly_score, 2) as decimal(9, 2)) as published_score,
        months_judged.status,
        months_judged.status_reason,
        cast(months_judged.weight_covered as decimal(9, 6)) as weight_covered
    from months_judged
    left join summed
        on
            months_judged.employee_id = summed.employee_id
            and months_judged.month_start = summed.month_start
            and months_judged.scorecard_id = summed.scorecard_id

),

-- Graded after rounding: what the person reads decides.
graded as (

    select
        rounded.employee_id,
        rounded.month_start,
        rounded.scorecard_id,
        rounded.role_id,
        rounded.eligible_days,
        rounded.is_appraised,
        rounded.monthly_score,
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
            and rounded.month_start >= grade_bands.valid_from
            and (
                grade_bands.valid_to is null
                or rounded.month_start < grade_bands.valid_to
            )

)

select * from graded
{{ of_the_periods_to_build() }}
