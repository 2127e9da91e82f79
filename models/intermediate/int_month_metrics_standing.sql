{% set columns = {
    'scorecard_id': 'string',
    'dimension_id': 'string',
    'metric_id': 'string',
    'eligible_days': 'bigint',
    'is_appraised': 'boolean',
    'metric_weight': 'decimal(9, 6)',
    'missing_policy': 'string',
    'pooled_from_month': 'date',
    'numerator': 'decimal(18, 6)',
    'denominator': 'decimal(18, 6)',
    'metric_value': 'decimal(18, 6)',
    'target_value': 'decimal(18, 4)',
    'has_personal_target': 'boolean',
    'metric_score': 'decimal(9, 4)',
    'nominal_weight': 'decimal(9, 6)',
    'effective_weight': 'decimal(9, 6)',
    'contribution': 'decimal(18, 6)',
    'has_evidence': 'boolean',
    'missing_reason': 'string',
} %}

{{ as_it_stands('month', 'metric', ref('int_month_metrics_computed'), columns) }}
