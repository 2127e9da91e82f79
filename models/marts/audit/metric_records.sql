{#-
    The records of each metric: where they are read, whose they are, when they count, and
    what each one adds to the numerator and to the denominator.
-#}
{% set rules = [
    {
        'metric': 'handle_time', 'relation': 'call_legs', 'type': 'call_leg',
        'id': 'leg_id', 'owner': 'employee_id', 'date': 'ended_on',
        'numerator': 'handle_seconds', 'denominator': '1', 'where': 'is_answered',
    },
    {
        'metric': 'call_answer_speed', 'relation': 'call_legs', 'type': 'call_leg',
        'id': 'leg_id', 'owner': 'employee_id', 'date': 'ended_on',
        'numerator': 'wait_seconds', 'denominator': '1',
        'where': 'is_inbound and is_answered',
    },
    {
        'metric': 'ticket_first_reply', 'relation': 'tickets', 'type': 'ticket',
        'id': 'ticket_id', 'owner': 'first_replied_by', 'date': 'first_reply_on',
        'numerator': divide('first_reply_business_seconds', '60', 6),
        'denominator': '1', 'where': 'first_reply_business_seconds is not null',
    },
    {
        'metric': 'reopen_rate', 'relation': 'tickets', 'type': 'ticket',
        'id': 'ticket_id', 'owner': 'last_solved_by', 'date': 'last_solved_on',
        'numerator': 'case when first_reopened_at is null then 0 else 1 end',
        'denominator': '1', 'where': 'last_solved_at is not null',
    },
    {
        'metric': 'complaint_handling', 'relation': 'tickets', 'type': 'ticket',
        'id': 'ticket_id', 'owner': 'last_solved_by', 'date': 'last_solved_on',
        'numerator': 'case when is_handled_well then 1 else 0 end',
        'denominator': '1', 'where': 'is_timed_complaint',
    },
    {
        'metric': 'first_contact_resolution', 'relation': 'contacts', 'type': 'contact',
        'id': 'contact_id', 'owner': 'first_handled_by', 'date': 'started_on',
        'numerator': 'case when is_resolved then 1 else 0 end',
        'denominator': '1', 'where': 'is_first_contact and is_matured',
    },
    {
        'metric': 'csat', 'relation': 'surveys', 'type': 'survey_response',
        'id': 'response_id', 'owner': 'employee_id', 'date': 'responded_on',
        'numerator': 'case when is_top_box then 1 else 0 end',
        'denominator': '1', 'where': "survey_type = 'csat'",
    },
    {
        'metric': 'nps', 'relation': 'surveys', 'type': 'survey_response',
        'id': 'response_id', 'owner': 'employee_id', 'date': 'responded_on',
        'numerator': 'case when score >= 9 then 1 when score <= 6 then -1 else 0 end',
        'denominator': '1', 'where': "survey_type = 'nps'",
    },
    {
        'metric': 'ces', 'relation': 'surveys', 'type': 'survey_response',
        'id': 'response_id', 'owner': 'employee_id', 'date': 'responded_on',
        'numerator': 'score', 'denominator': '1', 'where': "survey_type = 'ces'",
    },
    {
        'metric': 'review_timeliness', 'relation': 'reviews', 'type': 'quality_review',
        'id': 'review_id', 'owner': 'employee_id', 'date': 'reviewed_on',
        'numerator': 'case when is_timely then 1 else 0 end', 'denominator': '1',
        'where': 'not is_calibration and has_ended_contact',
    },
    {
        'metric': 'review_overturn_rate', 'relation': 'reviews',
        'type': 'quality_review', 'id': 'review_id', 'owner': 'employee_id',
        'date': 'reviewed_on',
        'numerator': 'case when is_overturned then 1 else 0 end', 'denominator': '1',
        'where': 'not is_calibration',
    },
    {
        'metric': 'calibration_agreement', 'relation': 'reviews',
        'type': 'quality_review', 'id': 'review_id', 'owner': 'employee_id',
        'date': 'reviewed_on',
        'numerator': 'case when is_agreeing then 1 else 0 end', 'denominator': '1',
        'where': 'is_compared',
    },
    {
        'metric': 'product_knowledge', 'relation': 'exams', 'type': 'exam',
        'id': "exam_id || '|' || subject || '|' || cast(attempt as string)",
        'owner': 'employee_id', 'date': 'taken_on', 'numerator': 'points',
        'denominator': '1',
        'where': 'superseded_month is null or superseded_month > month_start',
    },
    {
        'metric': 'learning', 'relation': 'trainings', 'type': 'training',
        'id': 'assignment_id', 'owner': 'employee_id', 'date': 'due_on',
        'numerator': 'case when completed_on <= due_on then hours else 0 end',
        'denominator': 'hours', 'where': 'due_on <= as_of_date',
    },
    {
        'metric': 'suggestions', 'relation': 'suggestions', 'type': 'suggestion',
        'id': 'suggestion_id', 'owner': 'employee_id', 'date': 'decided_on',
        'numerator': 'suggestion_points', 'denominator': '0',
        'where': 'decided_on is not null',
    },
    {
        'metric': 'improvements_delivered', 'relation': 'improvements',
        'type': 'improvement', 'id': 'initiative_id', 'owner': 'owner_id',
        'date': 'planned_on',
        'numerator': 'case when delivered_on <= planned_on then 1 else 0 end',
        'denominator': '1',
        'where': "status != 'cancelled' and planned_on <= as_of_date",
    },
    {
        'metric': 'improvement_effect', 'relation': 'improvements',
        'type': 'improvement', 'id': 'initiative_id', 'owner': 'owner_id',
        'date': 'planned_on', 'numerator': 'effect_score', 'denominator': '100',
        'where': 'verified_by != owner_id and effect_score is not null'
            ' and planned_on <= as_of_date',
    },
    {
        'metric': 'report_punctuality', 'relation': 'management_reports',
        'type': 'management_report', 'id': 'report_id', 'owner': 'owner_id',
        'date': 'due_on',
        'numerator': 'case when submitted_on <= due_on then 1 else 0 end',
        'denominator': '1', 'where': 'due_on <= as_of_date',
    },
    {
        'metric': 'report_accuracy', 'relation': 'management_reports',
        'type': 'management_report', 'id': 'report_id', 'owner': 'owner_id',
        'date': 'due_on',
        'numerator': 'case when returned_count = 0 then 1 else 0 end',
        'denominator': '1',
        'where': 'submitted_on is not null and due_on <= as_of_date',
    },
] %}
