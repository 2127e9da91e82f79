{{ checked_rows('learning', 'trainings') }}
