{{ checked_rows('appraisal', 'ratings') }}
