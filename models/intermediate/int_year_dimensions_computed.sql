with

year_dimensions as (

    select * from {{ ref('int_year_dimensions') }}

),

year_metrics as (

    select * from {{ ref('int_year_metrics') }}

),

years_judged as (

    select * from {{ ref('int_years_judged') }}

),

metric_scores as (

    select * from {{ ref('int_year_metrics_computed') }}

),

points_summed as (

    select
        employee_id,
        appraisal_year,
        scorecard_id,
        dimension_id,
        sum(metric_points) as points
    from year_metrics
    group by employee_id, appraisal_year, scorecard_id, dimension_id

),

contributions_summed as (

    select
        employee_id,
        appraisal_year,
        scorecard_id,
        dimension_id,
        sum(contribution) as monthly_contribution
    from metric_scores
    group by employee_id, appraisal_year, scorecard_id, dimension_id

),

joined as (

    select
        year_dimensions.*,
        years_judged.has_result,
        cast(round(points_summed.points, 6) as decimal(18, 6)) as monthly_score,
        cast(contributions_summed.monthly_contribution as decimal(18, 6))
            as monthly_contribution,
        case
            when
                years_judged.has_result
                and year_dimensions.is_scored
                and year_dimensions.review_score is not null
                then
                    cast(
                        {{ divide(
                            'cast(year_dimensions.review_score as decimal(38, 6))'
                            ' * year_dimensions.eligible_days'
                            ' * year_dimensions.review_share'
                            ' * year_dimensions.dimension_weight',
                            'year_dimensions.scored_scorecards_days'
                            ' * year_dimensions.scored_dimension_weight',
                            6,
                            scale=18,
                        ) }}
                        as decimal(18, 6)
                    )
        end as review_contribution
    from year_dimensions
    inner join years_judged
        on
            year_dimensions.employee_id = years_judged.employee_id
            and year_dimensions.appraisal_year = years_judged.appraisal_year
    left join points_summed
        on
            year_dimensions.employee_id = points_summed.employee_id
            and year_dimensions.appraisal_year = points_summed.appraisal_year
            and year_dimensions.scorecard_id = points_summed.scorecard_id
            and year_dimensions.dimension_id = points_summed.dimension_id
    left join contributions_summed
        on
            year_dimensions.employee_id = contributions_summed.employee_id
            and year_dimensions.appraisal_year = contributions_summed.appraisal_year
            and year_dimensions.scorecard_id = contributions_summed.scorecard_id
            and year_dimensions.dimension_id = contributions_summed.dimension_id

),

composed as (

    select
        employee_id,
        appraisal_year,
        scorecard_id,
        dimension_id,
        cast(eligible_days as bigint) as eligible_days,
        dimension_weight,
        monthly_score,
        review_score,
        cast(
            round(
                monthly_score * monthly_share
                + coalesce(review_score, 0) * review_share,
                6
            ) as decimal(18, 6)
        ) as dimension_score,
        cast(
            {{ divide('covered_days', 'appraised_days', 6) }}
            as decimal(9, 6)
        )
            as weight_covered,
        monthly_contribution,
        review_contribution,
        monthly_contribution
        + coalesce(review_contribution, cast(0 as decimal(18, 6))) as contribution
    from joined

)

select
    employee_id,
    appraisal_year,
    scorecard_id,
    dimension_id,
    eligible_days,
    dimension_weight,
    monthly_score,
    review_score,
    dimension_score,
    weight_covered,
    monthly_contribution,
    review_contribution,
    cast(contribution as decimal(18, 6)) as contribution
from composed
{{ of_the_periods_to_build() }}
