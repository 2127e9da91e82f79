{{ checked_rows('learning', 'coaching_sessions') }}
