{{ valid_rows('helpdesk', 'tickets') }}
