{#- What is kept of a person's year besides its scores: grade and outcomes, name and type. -#}
{% macro outcome_columns() %}
    {{- return({
        'role_id': 'string',
        'status': 'string',
        'published_score': 'decimal(9, 2)',
        'score_grade_id': 'string',
        'grade_cap_id': 'string',
        'best_grade_id': 'string',
        'grade_cap_reason': 'string',
        'committee_grade_id': 'string',
        'committee_reason': 'string',
        'decided_on': 'date',
        'decided_by': 'string',
        'is_cap_lifted': 'boolean',
        'final_grade_id': 'string',
        'final_grade_basis': 'string',
        'bonus_coefficient': 'decimal(9, 4)',
        'is_eligible_for_promotion': 'boolean',
        'promotion_reason': 'string',
        'has_improvement_plan': 'boolean',
    }) -}}
{% endmacro %}
