{{ checked_rows('learning', 'exams') }}
