{{ checked_rows('operations', 'improvements') }}
