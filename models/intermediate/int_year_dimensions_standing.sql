{% set columns = {
    'scorecard_id': 'string',
    'dimension_id': 'string',
    'eligible_days': 'bigint',
    'dimension_weight': 'decimal(9, 6)',
    'monthly_score': 'decimal(18, 6)',
    'review_score': 'decimal(18, 6)',
    'dimension_score': 'decimal(18, 6)',
    'weight_covered': 'decimal(9, 6)',
    'monthly_contribution': 'decimal(18, 6)',
    'review_contribution': 'decimal(18, 6)',
    'contribution': 'decimal(18, 6)',
} %}

{{ as_it_stands('year', 'dimension', ref('int_year_dimensions_computed'), columns) }}
