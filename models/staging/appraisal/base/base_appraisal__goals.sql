{{ checked_rows('appraisal', 'goals') }}
