{% set columns = {
    'role_id': 'string',
    'eligible_days': 'bigint',
    'monthly_score': 'decimal(18, 6)',
    'review_score': 'decimal(18, 6)',
    'annual_score': 'decimal(18, 6)',
    'published_score': 'decimal(9, 2)',
    'grade_id': 'string',
    'status': 'string',
    'status_reason': 'string',
    'weight_covered': 'decimal(9, 6)',
} %}

{{ as_it_stands('year', 'scorecard', ref('int_year_scorecards_computed'), columns) }}
