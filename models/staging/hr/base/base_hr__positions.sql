{{ checked_rows('hr', 'positions') }}
