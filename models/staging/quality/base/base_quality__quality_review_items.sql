{{ checked_rows('quality', 'quality_review_items') }}
