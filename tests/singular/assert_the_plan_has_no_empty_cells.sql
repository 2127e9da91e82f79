{% set columns_by_seed = {
    'annual_composition': ['monthly_share', 'review_share'],
    'calendar_days': ['is_working_day'],
    'curve_points': ['score'],
    'curves': ['shape', 'direction'],
    'daily_standards': ['standard_per_working_day'],
    'dimensions': ['name_en', 'name_zh'],
    'distribution_quotas': ['cumulative_share'],
    'distribution_rules': ['unit_type', 'minimum_unit_size', 'rounding', 'tie_rule'],
    'grade_bands': ['name_en', 'name_zh', 'lower_bound'],
    'grade_caps': ['best_grade_id', 'name_en', 'name_zh'],
    'grade_outcomes': [
        'bonus_coefficient', 'counts_for_promotion', 'needs_improvement_plan'
    ],
    'improvement_plan_milestones': ['days_after_publication', 'name_en', 'name_zh'],
    'metric_weights': ['missing_policy'],
    'metrics': [
        'name_en', 'name_zh', 'unit', 'direction', 'window_months',
        'minimum_denominator', 'fallback_window_months',
    ],
    'parameters': ['value'],
    'process_steps': [
        'name_en', 'name_zh', 'period_type', 'responsible', 'evidence', 'due_from'
    ],
    'quality_sections': ['metric_id', 'name_en', 'name_zh'],
    'recognition_rules': [
        'kind', 'minimum_people', 'minimum_value', 'name_en', 'name_zh'
    ],
    'reviewer_shares': ['share', 'name_en', 'name_zh'],
    'roles': ['name_en', 'name_zh'],
    'scorecards': ['role_id', 'valid_from', 'score_cap', 'name_en', 'name_zh'],
    'standard_targets': ['curve_id', 'target_value'],
    'training_courses': ['name_en', 'name_zh'],
} %}

with

empty_cells as (

    {% for seed, columns in columns_by_seed.items() %}
    {% for column in columns %}
    select
        '{{ seed }}' as seed,
        '{{ column }}' as empty_column,
        count(*) as row_count
    from {{ ref(seed) }}
    where {{ column }} is null
    {% if not loop.last %}union all{% endif %}

    {% endfor %}
    {% if not loop.last %}union all{% endif %}

    {% endfor %}
)

select * from empty_cells
where row_count > 0
