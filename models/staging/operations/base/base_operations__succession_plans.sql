{{ checked_rows('operations', 'succession_plans') }}
