{{ checked_rows('appraisal', 'interviews') }}
