{{ checked_rows('appraisal', 'closings') }}
