{%- macro export_names() -%}
    {#- ref() and source() need them while dbt parses, before the sources can be looked up. -#}
    {{- return([
        ('appraisal', 'closings'),
        ('appraisal', 'goals'),
        ('appraisal', 'grade_decisions'),
        ('appraisal', 'interviews'),
        ('appraisal', 'objections'),
        ('appraisal', 'ratings'),
        ('helpdesk', 'ticket_events'),
        ('helpdesk', 'tickets'),
        ('hr', 'absences'),
        ('hr', 'attendance'),
        ('hr', 'employees'),
        ('hr', 'positions'),
        ('hr', 'violations'),
        ('learning', 'coaching_sessions'),
        ('learning', 'exams'),
        ('learning', 'trainings'),
        ('operations', 'improvements'),
        ('operations', 'management_reports'),
        ('operations', 'succession_plans'),
        ('operations', 'suggestions'),
        ('quality', 'quality_review_items'),
        ('surveys', 'survey_responses'),
        ('telephony', 'call_legs'),
    ]) -}}
{%- endmacro -%}
