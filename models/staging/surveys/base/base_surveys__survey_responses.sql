{{ checked_rows('surveys', 'survey_responses') }}
