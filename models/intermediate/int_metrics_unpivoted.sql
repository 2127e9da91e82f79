{#- fact: metric_id: [numerator, denominator], expressions over the fact's columns. -#}
{% set facts = {
    'agent_monthly_calls': {
        'handle_time': ['handle_seconds', 'answered_legs'],
        'call_answer_speed': ['answer_wait_seconds', 'answered_inbound_legs'],
        'service_level': ['service_level_answered_legs', 'service_level_offered_legs'],
    },
    'agent_monthly_tickets': {
        'ticket_first_reply': [
            divide('first_reply_business_seconds', '60', 6, scale=0), 'replied_tickets'
        ],
        'reopen_rate': ['reopened_tickets', 'solved_tickets'],
        'complaint_handling': ['complaints_handled_well', 'complaints_solved'],
    },
    'agent_monthly_contacts': {
        'first_contact_resolution': ['resolved_contacts', 'first_contacts'],
    },
    'agent_monthly_surveys': {
        'csat': ['csat_top_responses', 'csat_responses'],
        'nps': ['nps_promoters - nps_detractors', 'nps_responses'],
        'ces': ['ces_points', 'ces_responses'],
    },
    'agent_monthly_reviews': {
        'standards_adherence': [
            'standards_adherence_points', 'standards_adherence_weight'
        ],
        'communication': ['communication_points', 'communication_weight'],
        'attitude': ['attitude_points', 'attitude_weight'],
    },
    'employee_monthly_conduct': {
        'compliance': ['compliance_points', 'compliance_points_possible'],
    },
    'employee_monthly_improvements': {
        'improvements_delivered': ['improvements_delivered', 'improvements_planned'],
        'improvement_effect': ['effect_points', 'effect_points_possible'],
    },
    'employee_monthly_learning': {
        'learning': ['training_hours_completed', 'training_hours_due'],
    },
    'employee_monthly_ratings': {
        'improvement': ['improvement_points', 'improvement_ratings'],
        'accountability': ['accountability_points', 'accountability_ratings'],
        'resilience': ['resilience_points', 'resilience_ratings'],
        'collaboration': ['collaboration_points', 'collaboration_ratings'],
        'coordination': ['coordination_points', 'coordination_ratings'],
    },
    'employee_monthly_reports': {
        'report_punctuality': ['reports_punctual', 'reports_due'],
        'report_accuracy': ['reports_accurate', 'reports_submitted'],
    },
    'employee_monthly_suggestions': {
        'suggestions': ['suggestion_points', 'suggestion_standard_points'],
    },
    'employee_monthly_workload': {
        'workload': ['workload', 'workload_standard'],
        'reviews_completed': ['reviews_completed', 'reviews_completed_standard'],
    },
    'reviewer_monthly_reviews': {
        'review_timeliness': ['reviews_timely', 'reviews_of_ended_contacts'],
        'review_overturn_rate': ['reviews_overturned', 'reviews'],
        'calibration_agreement': ['calibrations_agreeing', 'calibrations'],
    },
    'supervisor_monthly_teams': {
        'team_csat': ['csat_top_responses', 'csat_responses'],
        'team_first_contact_resolution': ['resolved_contacts', 'first_contacts'],
        'team_handle_time': ['handle_seconds', 'answered_legs'],
        'team_first_reply': [
            divide('first_reply_business_seconds', '60', 6, scale=0), 'replied_tickets'
        ],
        'team_standards_adherence': [
            'standards_adherence_points', 'standards_adherence_weight'
        ],
        'team_exam_pass': ['first_exams_passed', 'first_exams'],
        'coaching_coverage': ['members_coached', 'members_to_coach'],
        'attrition': ['voluntary_leavers', 'member_years'],
    },
} %}

with

as_of as (

    select * from {{ ref('int_as_of') }}

),

superseded_evidence as (

    select * from {{ ref('int_superseded_evidence') }}

),

{% for fact, metrics in facts.items() %}
{{ fact }} as (

    select * from {{ ref(fact) }}

),

{% endfor %}
unpivoted as (

    select
        employee_id,
        month_start,
        metric_id,
        superseded_month,
        numerator,
        denominator
    from superseded_evidence
    {% for fact, metrics in facts.items() %}
    {% for metric_id, parts in metrics.items() %}
    union all
    select
        employee_id,
        month_start,
        '{{ metric_id }}' as metric_id,
        cast(null as date) as superseded_month,
        cast({{ parts[0] }} as decimal(18, 6)) as numerator,
        cast({{ parts[1] }} as decimal(18, 6)) as denominator
    from {{ fact }}
    {% endfor %}
    {% endfor %}

),

-- Nothing over nothing says nothing: it is left out, and stays missing.
evident as (

    select unpivoted.*
    from unpivoted
    cross join as_of
    where
        (
            unpivoted.denominator > 0
            or (unpivoted.denominator = 0 and unpivoted.numerator > 0)
        )
        and unpivoted.month_start <= as_of.as_of_month

)

select * from evident
{{ of_the_periods_to_build() }}
