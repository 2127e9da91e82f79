{{ checked_rows('hr', 'employees') }}
