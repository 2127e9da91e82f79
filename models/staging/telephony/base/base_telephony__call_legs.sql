{{ checked_rows('telephony', 'call_legs') }}
