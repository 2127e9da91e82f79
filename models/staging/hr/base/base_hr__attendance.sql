{{ checked_rows('hr', 'attendance') }}
