{% set measures = {
    'first_contacts': 'bigint',
    'resolved_contacts': 'bigint',
} %}

{{ monthly_fact(ref('int_contacts_by_day'), measures) }}
