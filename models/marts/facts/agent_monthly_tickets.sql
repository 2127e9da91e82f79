{% set measures = {
    'replied_tickets': 'bigint',
    'first_reply_business_seconds': 'bigint',
    'solved_tickets': 'bigint',
    'reopened_tickets': 'bigint',
    'complaints_solved': 'bigint',
    'complaints_handled_well': 'bigint',
} %}

{{ monthly_fact(ref('int_tickets_by_day'), measures) }}
