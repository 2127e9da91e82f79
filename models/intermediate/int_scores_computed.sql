{#- In the shape in which `published.scores` keeps them. -#}
{% set columns = score_columns() %}
{% set levels = [
    ('month', 'month_start', 'metric', ref('int_month_metrics_computed'), [
        'scorecard_id', 'dimension_id', 'metric_id', 'eligible_days', 'is_appraised',
        'metric_weight', 'missing_policy', 'pooled_from_month', 'numerator',
        'denominator', 'metric_value', 'target_value', 'has_personal_target',
        'metric_score', 'nominal_weight', 'effective_weight', 'contribution',
        'has_evidence', 'missing_reason'
    ]),
    ('month', 'month_start', 'dimension', ref('int_month_dimensions_computed'), [
        'scorecard_id', 'dimension_id', 'eligible_days', 'is_appraised',
        'scored_weight', 'dimension_weight', 'effective_weight', 'dimension_score',
        'weight_covered', 'contribution'
    ]),
    ('month', 'month_start', 'scorecard', ref('int_month_scorecards_computed'), [
        'scorecard_id', 'role_id', 'eligible_days', 'is_appraised', 'monthly_score',
        'published_score', 'grade_id', 'status', 'status_reason', 'weight_covered'
    ]),
    ('year', 'make_date(appraisal_year, 1, 1)', 'metric', ref('int_year_metrics_computed'), [
        'scorecard_id', 'dimension_id', 'metric_id', 'numerator', 'denominator',
        'metric_value', 'mean_of_months_value', 'target_value', 'metric_score',
        'effective_weight', 'contribution'
    ]),
    ('year', 'make_date(appraisal_year, 1, 1)', 'dimension', ref('int_year_dimensions_computed'), [
        'scorecard_id', 'dimension_id', 'eligible_days', 'dimension_weight',
        'monthly_score', 'review_score', 'dimension_score', 'weight_covered',
        'monthly_contribution', 'review_contribution', 'contribution'
    ]),
    ('year', 'make_date(appraisal_year, 1, 1)', 'scorecard', ref('int_year_scorecards_computed'), [
        'role_id', 'eligible_days', 'monthly_score', 'review_score', 'annual_score',
        'published_score', 'grade_id', 'status', 'status_reason', 'weight_covered'
    ]),
] %}

with

united as (

    {% for period_type, period_start, level, computed, present in levels %}
    select
        '{{ period_type }}' as period_type,
        {{ period_start }} as period_start,
        employee_id,
        {% for column, data_type in columns.items() %}
        cast({{ column if column in present else 'null' }} as {{ data_type }})
            as {{ column }},
        {% endfor %}
        '{{ level }}' as level
    from {{ computed }}
    {% if not loop.last %}union all{% endif %}

    {% endfor %}
)

select
    *,
    {{ row_digest(
        dict(period_type='string', period_start='date', employee_id='string',
        level='string', **columns)
    ) }} as row_hash
from united
