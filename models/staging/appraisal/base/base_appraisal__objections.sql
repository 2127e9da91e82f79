{{ checked_rows('appraisal', 'objections') }}
