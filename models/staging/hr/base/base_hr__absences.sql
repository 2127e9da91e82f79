{{ checked_rows('hr', 'absences') }}
