{% set types = {
    'calendar_first_day': 'date',
    'calendar_last_day': 'date',
    'first_contact_window_days': 'integer',
    'minimum_eligible_days_month': 'integer',
    'minimum_eligible_days_year': 'integer',
    'minimum_weight_covered': 'decimal(9, 6)',
    'complaint_limit_business_hours': 'decimal(9, 2)',
    'review_timeliness_days': 'integer',
    'calibration_tolerance_points': 'decimal(9, 4)',
    'late_grace_minutes': 'decimal(18, 4)',
    'late_arrival_points': 'decimal(9, 4)',
    'unexcused_absence_points': 'decimal(9, 4)',
    'suggestion_points_submitted': 'decimal(9, 4)',
    'suggestion_points_accepted': 'decimal(9, 4)',
    'suggestion_points_implemented': 'decimal(9, 4)',
    'suggestion_standard_points_per_year': 'decimal(9, 4)',
    'coaching_minimum_led_days': 'integer',
    'member_year_days': 'integer',
    'service_level_threshold_seconds': 'integer',
    'csat_top_boxes': 'integer',
    'objection_filing_working_days': 'integer',
    'objection_decision_working_days': 'integer',
    'strength_metric_score': 'decimal(9, 4)',
    'gap_metric_score': 'decimal(9, 4)',
    'promotion_years': 'integer',
    'improvement_plan_metrics': 'integer',
    'trend_months': 'integer',
    'coaching_effect_months': 'integer',
    'steady_change_share': 'decimal(9, 6)',
} %}

with

parameters as (

    select * from {{ ref('parameters') }}

),

pivoted as (

    select
        {% for parameter_id in types %}
        max(value) filter (where parameter_id = '{{ parameter_id }}')
            as {{ parameter_id }},
        {% endfor %}
        max(value) filter (where parameter_id = 'business_time_zone')
            as business_time_zone
    from parameters

),

typed as (

    select
        {% for parameter_id, data_type in types.items() %}
        cast({{ parameter_id }} as {{ data_type }}) as {{ parameter_id }},
        {% endfor %}
        business_time_zone
    from pivoted

)

select * from typed
