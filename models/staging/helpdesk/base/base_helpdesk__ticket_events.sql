{{ checked_rows('helpdesk', 'ticket_events') }}
