{% set measures = {
    'reviews': 'bigint',
    'standards_adherence_points': 'decimal(18, 6)',
    'standards_adherence_weight': 'decimal(18, 6)',
    'communication_points': 'decimal(18, 6)',
    'communication_weight': 'decimal(18, 6)',
    'attitude_points': 'decimal(18, 6)',
    'attitude_weight': 'decimal(18, 6)',
} %}

{{ monthly_fact(ref('int_review_items_by_day'), measures) }}
