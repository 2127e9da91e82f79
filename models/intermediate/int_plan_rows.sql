{#- The columns that decide a score; names and reasons do not. -#}
{% set seeds = {
    'annual_composition': ['valid_from', 'valid_to', 'monthly_share', 'review_share'],
    'calendar_days': ['calendar_date', 'is_working_day', 'hours_as_weekday'],
    'curve_points': ['curve_id', 'value', 'score'],
    'curves': ['curve_id', 'shape', 'direction'],
    'daily_standards': ['scorecard_id', 'metric_id', 'standard_per_working_day'],
    'dimension_weights': ['scorecard_id', 'dimension_id', 'weight'],
    'dimensions': ['dimension_id'],
    'grade_bands': ['grade_id', 'lower_bound', 'upper_bound', 'valid_from', 'valid_to'],
    'metric_weights': [
        'scorecard_id', 'dimension_id', 'metric_id', 'weight', 'missing_policy'
    ],
    'metrics': [
        'metric_id', 'unit', 'direction', 'window_months', 'minimum_denominator',
        'fallback_window_months', 'minimum_value', 'maximum_value'
    ],
    'parameters': ['parameter_id', 'value'],
    'quality_sections': ['section', 'metric_id'],
    'reviewer_shares': ['relation', 'share', 'valid_from', 'valid_to'],
    'roles': ['role_id'],
    'scorecards': ['scorecard_id', 'role_id', 'valid_from', 'valid_to', 'score_cap'],
    'standard_targets': ['scorecard_id', 'metric_id', 'curve_id', 'target_value'],
    'working_hours': ['weekday', 'opens_at', 'closes_at'],
} %}

with

united as (

    {% for seed, columns in seeds.items() %}
    select
        '{{ seed }}' as seed_name,
        concat_ws(
            ', ',
            {% for column in columns %}
            '{{ column }} ' || cast({{ column }} as string),
            {% endfor %}
            cast(null as string)
        ) as row_text
    from {{ ref(seed) }}
    {% if not loop.last %}union all{% endif %}

    {% endfor %}
)

select * from united
