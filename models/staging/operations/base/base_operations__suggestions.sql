{{ checked_rows('operations', 'suggestions') }}
