{% set measures = {
    'offered_legs': 'bigint',
    'answered_legs': 'bigint',
    'abandoned_legs': 'bigint',
    'handle_seconds': 'decimal(18, 6)',
    'answered_inbound_legs': 'bigint',
    'answer_wait_seconds': 'bigint',
    'service_level_answered_legs': 'bigint',
    'service_level_offered_legs': 'bigint',
} %}

{{ monthly_fact(ref('int_calls_by_day'), measures) }}
