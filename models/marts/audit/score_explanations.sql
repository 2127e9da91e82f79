with

month_metrics as (

    select * from {{ ref('int_month_metrics_standing') }}

),

monthly_scorecards as (

    select * from {{ ref('monthly_scorecards') }}

),

annual_metric_scores as (

    select * from {{ ref('annual_metric_scores') }}

),

annual_dimension_scores as (

    select * from {{ ref('annual_dimension_scores') }}

),

annual_scorecards as (

    select * from {{ ref('annual_scorecards') }}

),

year_metrics as (

    select * from {{ ref('int_year_metrics_standing') }}

),

scorecards as (

    select * from {{ ref('scorecards') }}

),

dimensions as (

    select * from {{ ref('dimensions') }}

),

metrics as (

    select * from {{ ref('metrics') }}

),

year_dimensions as (

    select * from {{ ref('int_year_dimensions') }}

),

months as (

    select
        month_metrics.employee_id,
        'month' as period_type,
        month_metrics.month_start as period_start,
        month_metrics.scorecard_id,
        month_metrics.dimension_id,
        'metric' as component,
        month_metrics.metric_id,
        month_metrics.pooled_from_month,
        month_metrics.numerator,
        month_metrics.denominator,
        month_metrics.metric_value,
        month_metrics.target_value,
        month_metrics.metric_score as score,
        month_metrics.effective_weight,
        month_metrics.contribution,
        month_metrics.missing_reason,
        month_metrics.missing_policy,
        month_metrics.has_personal_target,
        monthly_scorecards.status
    from month_metrics
    inner join monthly_scorecards
        on
            month_metrics.employee_id = monthly_scorecards.employee_id
            and month_metrics.month_start = monthly_scorecards.month_start
            and month_metrics.scorecard_id = monthly_scorecards.scorecard_id

),

policies_of_the_years as (

    select
        employee_id,
        cast(extract(year from month_start) as integer) as appraisal_year,
        scorecard_id,
        dimension_id,
        metric_id,
        max_by(missing_policy, month_start) as missing_policy
    from month_metrics
    where is_appraised
    group by
        employee_id,
        cast(extract(year from month_start) as integer),
        scorecard_id,
        dimension_id,
        metric_id

),

year_months as (

    select
        annual_metric_scores.employee_id,
        'year' as period_type,
        make_date(annual_metric_scores.appraisal_year, 1, 1) as period_start,
        annual_metric_scores.scorecard_id,
        annual_metric_scores.dimension_id,
        'metric' as component,
        annual_metric_scores.metric_id,
        make_date(annual_metric_scores.appraisal_year, 1, 1) as pooled_from_month,
        annual_metric_scores.numerator,
        annual_metric_scores.denominator,
        annual_metric_scores.metric_value,
        annual_metric_scores.target_value,
        year_metrics.metric_score as score,
        year_metrics.effective_weight,
        annual_metric_scores.contribution,
        case
            when year_metrics.metric_score is not null then null
            when annual_metric_scores.denominator > 0 then 'below_minimum_denominator'
            else 'no_evidence'
        end as missing_reason,
        policies_of_the_years.missing_policy,
        false as has_personal_target,
        annual_scorecards.status
    from annual_metric_scores
    inner join annual_scorecards
        on
            annual_metric_scores.employee_id = annual_scorecards.employee_id
            and annual_metric_scores.appraisal_year = annual_scorecards.appraisal_year
    inner join year_metrics
        on
            annual_metric_scores.employee_id = year_metrics.employee_id
            and annual_metric_scores.appraisal_year = year_metrics.appraisal_year
            and annual_metric_scores.scorecard_id = year_metrics.scorecard_id
            and annual_metric_scores.dimension_id = year_metrics.dimension_id
            and annual_metric_scores.metric_id = year_metrics.metric_id
    left join policies_of_the_years
        on
            annual_metric_scores.employee_id = policies_of_the_years.employee_id
            and annual_metric_scores.appraisal_year
            = policies_of_the_years.appraisal_year
            and annual_metric_scores.scorecard_id = policies_of_the_years.scorecard_id
            and annual_metric_scores.dimension_id = policies_of_the_years.dimension_id
            and annual_metric_scores.metric_id = policies_of_the_years.metric_id

),

year_reviews as (

    select
        annual_dimension_scores.employee_id,
        'year' as period_type,
        make_date(annual_dimension_scores.appraisal_year, 1, 1) as period_start,
        annual_dimension_scores.scorecard_id,
        annual_dimension_scores.dimension_id,
        'review' as component,
        cast(null as string) as metric_id,
        make_date(annual_dimension_scores.appraisal_year, 1, 1) as pooled_from_month,
        cast(null as decimal(18, 6)) as numerator,
        cast(null as decimal(18, 6)) as denominator,
        cast(null as decimal(18, 6)) as metric_value,
        cast(null as decimal(18, 4)) as target_value,
        cast(round(annual_dimension_scores.review_score, 4) as decimal(9, 4)) as score,
        -- A review of 0 points does not tell its weight: it is that of now.
        cast(
            case
                when annual_dimension_scores.review_score > 0
                    then {{ divide(
                        'annual_dimension_scores.review_contribution',
                        'annual_dimension_scores.review_score',
                        6,
                    ) }}
                when annual_dimension_scores.review_contribution is not null
                    then {{ divide(
                        'cast(year_dimensions.review_share as decimal(38, 6))'
                        ' * year_dimensions.eligible_days'
                        ' * year_dimensions.dimension_weight',
                        'year_dimensions.scored_scorecards_days'
                        ' * year_dimensions.scored_dimension_weight',
                        6,
                        scale=12,
                    ) }}
            end
            as decimal(9, 6)
        ) as effective_weight,
        annual_dimension_scores.review_contribution as contribution,
        cast(null as string) as missing_reason,
        cast(null as string) as missing_policy,
        false as has_personal_target,
        annual_scorecards.status
    from annual_dimension_scores
    inner join annual_scorecards
        on
            annual_dimension_scores.employee_id = annual_scorecards.employee_id
            and annual_dimension_scores.appraisal_year
            = annual_scorecards.appraisal_year
    left join year_dimensions
        on
            annual_dimension_scores.employee_id = year_dimensions.employee_id
            and annual_dimension_scores.appraisal_year = year_dimensions.appraisal_year
            and annual_dimension_scores.scorecard_id = year_dimensions.scorecard_id
            and annual_dimension_scores.dimension_id = year_dimensions.dimension_id
    where annual_dimension_scores.review_score is not null

),

united as (

    select * from months
    union all
    select * from year_months
    union all
    select * from year_reviews

),

named as (

    select
        united.*,
        -- A closed period may hold what the plan no longer has.
        coalesce(scorecards.name_en, united.scorecard_id) as scorecard_name_en,
        coalesce(scorecards.name_zh, united.scorecard_id) as scorecard_name_zh,
        coalesce(dimensions.name_en, united.dimension_id) as dimension_name_en,
        coalesce(dimensions.name_zh, united.dimension_id) as dimension_name_zh,
        coalesce(metrics.name_en, united.metric_id, 'Year-end review')
            as component_name_en,
        coalesce(metrics.name_zh, united.metric_id, '年终评议') as component_name_zh,
        metrics.unit
    from united
    left join scorecards on united.scorecard_id = scorecards.scorecard_id
    left join dimensions on united.dimension_id = dimensions.dimension_id
    left join metrics on united.metric_id = metrics.metric_id

),

worded as (

    select
        *,
        {% for measure in ['metric_value', 'target_value'] %}
        case
            when unit in ('share', 'ratio')
                then
                    cast(
                        cast(round(100 * {{ measure }}, 1) as decimal(18, 1)) as string
                    ) || ' %'
            else
                cast(cast(round({{ measure }}, 2) as decimal(18, 2)) as string)
                || coalesce(' ' || unit, '')
        end as {{ measure }}_text,
        {% endfor %}
        {% for measure in ['numerator', 'denominator'] %}
        trim(
            trailing '.' from trim(trailing '0' from cast({{ measure }} as string))
        ) as {{ measure }}_text,
        {% endfor %}
        cast(cast(round(score, 1) as decimal(9, 1)) as string) as score_text,
        cast(cast(round(100 * effective_weight, 2) as decimal(9, 2)) as string) || ' %'
            as weight_text,
        cast(cast(round(contribution, 2) as decimal(9, 2)) as string) as points_text,
        case
            when has_personal_target then 'the personal target of '
            else 'a target of '
        end as target_word,
        case missing_reason
            when 'below_minimum_denominator' then 'too little to measure it by'
            else 'no records to measure it by'
        end as missing_text,
        case when period_type = 'year' then 'year' else 'month' end as period_word,
        case
            when pooled_from_month < period_start
                then ' since ' || substring(cast(pooled_from_month as string), 1, 7)
            else ''
        end as pooled_text,
        case
            when component = 'review'
                then component_name_en || ' of ' || lower(dimension_name_en)
            else component_name_en
        end as subject
    from named

),

measured as (

    select
        *,
        case
            when component = 'review' then score_text || ' of 100'
            when missing_reason is not null then missing_text
            when period_type = 'year'
                then
                    coalesce(
                        metric_value_text || ' over the year ('
                        || numerator_text || ' / ' || denominator_text || '); ',
                        ''
                    )
                    || 'its months scored ' || score_text || ' on average'
            else
                metric_value_text
                || ' (' || numerator_text || ' / ' || denominator_text || pooled_text
                || ') against '
                || target_word || target_value_text || ' scores ' || score_text
        end as finding,
        case
            when missing_reason is not null and missing_policy = 'redistribute'
                then 'its weight went to the other metrics'
            when missing_reason is not null and missing_policy = 'block'
                then 'without it the ' || period_word || ' has no result'
            when contribution is null
                then
                    'the ' || period_word || ' has no result ('
                    || replace(status, '_', ' ') || '), so it brings no points'
            when missing_reason is not null
                then
                    'the plan counts it with ' || score_text
                    || ' points; at a weight of ' || weight_text || ' it brings '
                    || points_text || ' points'
            else
                coalesce('at a weight of ' || weight_text || ' ', '')
                || 'it brings ' || points_text || ' points'
        end as consequence
    from worded

)

select
    employee_id,
    period_type,
    period_start,
    scorecard_id,
    dimension_id,
    component,
    metric_id,
    scorecard_name_en,
    scorecard_name_zh,
    dimension_name_en,
    dimension_name_zh,
    component_name_en,
    component_name_zh,
    numerator,
    denominator,
    metric_value,
    unit,
    target_value,
    score,
    effective_weight,
    contribution,
    missing_reason,
    subject || ': ' || finding || '; ' || consequence || '.' as sentence
from measured
