{{ checked_rows('hr', 'violations') }}
