with

year_metrics as (

    select * from {{ ref('int_year_metrics') }}

),

year_dimensions as (

    select * from {{ ref('int_year_dimensions') }}

),

years_judged as (

    select * from {{ ref('int_years_judged') }}

),

contributed as (

    select
        year_metrics.employee_id,
        year_metrics.appraisal_year,
        year_metrics.scorecard_id,
        year_metrics.dimension_id,
        year_metrics.metric_id,
        year_metrics.numerator,
        year_metrics.denominator,
        cast(
            {{ divide('year_metrics.numerator', 'year_metrics.denominator', 6) }}
            as decimal(18, 6)
        ) as metric_value,
        year_metrics.mean_of_months_value,
        year_metrics.target_value,
        year_metrics.metric_score,
        year_metrics.effective_weight,
        case
            when years_judged.has_result
                then
                    cast(
                        {{ divide(
                            'cast(year_metrics.metric_points as decimal(38, 10))'
                            ' * year_dimensions.eligible_days'
                            ' * year_dimensions.monthly_share'
                            ' * year_dimensions.dimension_weight',
                            'year_dimensions.scored_scorecards_days'
                            ' * year_dimensions.scored_dimension_weight',
                            6,
                            scale=22,
                        ) }}
                        as decimal(18, 6)
                    )
        end as contribution
    from year_metrics
    inner join year_dimensions
        on
            year_metrics.employee_id = year_dimensions.employee_id
            and year_metrics.appraisal_year = year_dimensions.appraisal_year
            and year_metrics.scorecard_id = year_dimensions.scorecard_id
            and year_metrics.dimension_id = year_dimensions.dimension_id
    inner join years_judged
        on
            year_metrics.employee_id = years_judged.employee_id
            and year_metrics.appraisal_year = years_judged.appraisal_year

)

select * from contributed
{{ of_the_periods_to_build() }}
