{{ checked_rows('appraisal', 'grade_decisions') }}
