{% set columns = {
    'scorecard_id': 'string',
    'dimension_id': 'string',
    'metric_id': 'string',
    'numerator': 'decimal(18, 6)',
    'denominator': 'decimal(18, 6)',
    'metric_value': 'decimal(18, 6)',
    'mean_of_months_value': 'decimal(18, 6)',
    'target_value': 'decimal(18, 4)',
    'metric_score': 'decimal(9, 4)',
    'effective_weight': 'decimal(9, 6)',
    'contribution': 'decimal(18, 6)',
} %}

{{ as_it_stands('year', 'metric', ref('int_year_metrics_computed'), columns) }}
