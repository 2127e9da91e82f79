{% set columns = {
    'scorecard_id': 'string',
    'role_id': 'string',
    'eligible_days': 'bigint',
    'is_appraised': 'boolean',
    'monthly_score': 'decimal(18, 6)',
    'published_score': 'decimal(9, 2)',
    'grade_id': 'string',
    'status': 'string',
    'status_reason': 'string',
    'weight_covered': 'decimal(9, 6)',
} %}

{{ as_it_stands('month', 'scorecard', ref('int_month_scorecards_computed'), columns) }}
