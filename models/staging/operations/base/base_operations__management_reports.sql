{{ checked_rows('operations', 'management_reports') }}
