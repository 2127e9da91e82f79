{% set columns = {
    'scorecard_id': 'string',
    'dimension_id': 'string',
    'eligible_days': 'bigint',
    'is_appraised': 'boolean',
    'scored_weight': 'decimal(9, 6)',
    'dimension_weight': 'decimal(9, 6)',
    'effective_weight': 'decimal(9, 6)',
    'dimension_score': 'decimal(9, 4)',
    'weight_covered': 'decimal(9, 6)',
    'contribution': 'decimal(18, 6)',
} %}

{{ as_it_stands('month', 'dimension', ref('int_month_dimensions_computed'), columns) }}
