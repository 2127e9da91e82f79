{% set measures = {
    'csat_responses': 'bigint',
    'csat_top_responses': 'bigint',
    'nps_responses': 'bigint',
    'nps_promoters': 'bigint',
    'nps_detractors': 'bigint',
    'ces_responses': 'bigint',
    'ces_points': 'decimal(18, 6)',
} %}

{{ monthly_fact(ref('int_surveys_by_day'), measures) }}
