{{ checked_rows('helpdesk', 'tickets') }}
