{#-
    For each relation of records: its id, owner and day, and for each metric what a record
    adds to the numerator and to the denominator, and which records count. Records are read
    anew for each metric: kept, they would take the memory of the joins behind them.
-#}
{% set rules = {
    'calls': ['call_leg', 'leg_id', 'employee_id', 'ended_on', [
        ['handle_time', 'handle_seconds', 1, 'is_answered'],
        ['call_answer_speed', 'wait_seconds', 1, 'is_inbound and is_answered'],
    ]],
    'service_legs': ['call_leg', 'leg_id', 'employee_id', 'ended_on', [
        ['service_level',
            'case when is_answered and is_within_threshold then 1 else 0 end', 1,
            'is_inbound and (is_answered or (is_abandoned and not is_within_threshold))'],
    ]],
    'tickets_replied': ['ticket', 'ticket_id', 'first_replied_by', 'first_reply_on', [
        ['ticket_first_reply', divide('first_reply_business_seconds', '60', 6, scale=0), 1,
            'first_reply_business_seconds is not null'],
    ]],
    'tickets_solved': ['ticket', 'ticket_id', 'last_solved_by', 'last_solved_on', [
        ['reopen_rate', 'case when first_reopened_at is null then 0 else 1 end', 1,
            'last_solved_at is not null'],
        ['complaint_handling', 'case when is_handled_well then 1 else 0 end', 1,
            'is_timed_complaint'],
    ]],
    'contacts': ['contact', "contact_type || '|' || contact_id", 'first_handled_by',
        'started_on', [
        ['first_contact_resolution', 'case when is_resolved then 1 else 0 end', 1,
            'is_first_contact and is_matured'],
    ]],
    'surveys': ['survey_response', 'response_id', 'employee_id', 'responded_on', [
        ['csat', 'case when is_top_box then 1 else 0 end', 1, "survey_type = 'csat'"],
        ['nps', 'case when score >= 9 then 1 when score <= 6 then -1 else 0 end', 1,
            "survey_type = 'nps'"],
        ['ces', 'score', 1, "survey_type = 'ces'"],
    ]],
    'review_items': ['quality_review_item', "review_id || '|' || item_id", 'agent_id',
        'reviewed_on', [
        [none, 'points', 'weight', "status = 'final' and not is_calibration"
            ' and is_applicable and metric_id is not null'],
    ]],
    'reviews': ['quality_review', 'review_id', 'employee_id', 'reviewed_on', [
        ['review_timeliness', 'case when is_timely then 1 else 0 end', 1,
            'not is_calibration and has_ended_contact'],
        ['review_overturn_rate', 'case when is_overturned then 1 else 0 end', 1,
            'not is_calibration'],
        ['calibration_agreement', 'case when is_agreeing then 1 else 0 end', 1,
            'is_compared'],
    ]],
    'exams': ['exam', "exam_id || '|' || employee_id || '|' || subject || '|'"
        " || cast(attempt as string)", 'employee_id', 'taken_on', [
        ['product_knowledge', 'points', 1,
            'superseded_month is null or superseded_month > month_start'],
        ['first_exam_pass', 'case when is_passed then 1 else 0 end', 1,
            'is_first_sitting'],
    ]],
    'trainings': ['training', 'assignment_id', 'employee_id', 'due_on', [
        ['learning', 'hours_completed', 'hours_due', 'true'],
    ]],
    'ratings': ['rating', 'rating_id', 'employee_id', 'month_start', [
        [none, 'points', 1, 'true'],
    ]],
    'conduct': ['conduct', 'record_id', 'employee_id', 'conduct_date', [
        ['compliance', '-points_taken', 0, 'points_taken > 0'],
    ]],
    'suggestions': ['suggestion', 'suggestion_id', 'employee_id', 'decided_on', [
        ['suggestions', 'points', 0, 'true'],
    ]],
    'improvements': ['improvement', 'initiative_id', 'owner_id', 'planned_on', [
        ['improvements_delivered',
            'case when delivered_on <= planned_on then 1 else 0 end', 1,
            "lower(coalesce(status, '')) != 'cancelled'"],
        ['improvement_effect', 'effect_score', 100,
            'verified_by != owner_id and effect_score is not null'],
    ]],
    'reports': ['management_report', 'report_id', 'owner_id', 'due_on', [
        ['report_punctuality', 'case when submitted_on <= due_on then 1 else 0 end', 1,
            'true'],
        ['report_accuracy', 'case when coalesce(returned_count, 0) = 0 then 1 else 0 end',
            1, 'submitted_on is not null'],
    ]],
    'plans': ['succession_plan', "supervisor_id || '|' || cast(as_of as string)",
        'supervisor_id', 'as_of', [
        ['bench_strength', 'least(ready_successors, key_positions)', 'key_positions',
            "superseded_month is null or superseded_month"
            " > cast(date_trunc('month', as_of) as date)"],
    ]],
} %}

{% set relations = {
    'calls': 'int_call_legs_credited',
    'tickets_replied': 'int_tickets_credited',
    'tickets_solved': 'int_tickets_credited',
    'contacts': 'int_contacts_judged',
    'surveys': 'int_surveys_credited',
    'review_items': 'int_review_items_scored',
    'reviews': 'int_reviews_credited',
    'exams': 'int_exams_credited',
    'trainings': 'int_trainings_credited',
    'ratings': 'int_month_ratings_credited',
    'conduct': 'int_conduct_credited',
    'suggestions': 'int_suggestions_credited',
    'improvements': 'stg_operations__improvements',
    'reports': 'stg_operations__management_reports',
    'plans_made': 'stg_operations__succession_plans',
} %}

{#- Pooled over the people led, on the days they were led. -#}
{% set team_metrics = {
    'csat': 'team_csat',
    'first_contact_resolution': 'team_first_contact_resolution',
    'handle_time': 'team_handle_time',
    'ticket_first_reply': 'team_first_reply',
    'standards_adherence': 'team_standards_adherence',
    'first_exam_pass': 'team_exam_pass',
} %}

{#- Work that counts against a standard of the day. -#}
{% set work = {
    'handle_time': 'workload',
    'reopen_rate': 'workload',
    'review_overturn_rate': 'reviews_completed',
} %}

with

{% for name, model in relations.items() %}
{{ name }} as {{ not_materialized() }}(

    select * from {{ ref(model) }}

),

{% endfor %}
employees as (

    select * from {{ ref('employees') }}

),

employee_days as (

    select * from {{ ref('int_employee_days') }}

),

metrics as (

    select * from {{ ref('metrics') }}

),

daily_standards as (

    select * from {{ ref('daily_standards') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

service_legs as {{ not_materialized() }}(

    select
        calls.*,
        calls.wait_seconds <= parameters.service_level_threshold_seconds
            as is_within_threshold
    from calls
    cross join parameters

),

plans as (

    select
        *,
        lead(cast(date_trunc('month', as_of) as date)) over (
            partition by supervisor_id order by as_of
        ) as superseded_month
    from plans_made

),

records as (

    {% for name, parts in rules.items() %}
    {% for rule in parts[4] %}
    select
        {{ parts[2] }} as employee_id,
        {{ parts[3] }} as record_date,
        {% if rule[0] %}
        '{{ rule[0] }}' as metric_id,
        {% else %}
        metric_id,
        {% endif %}
        '{{ parts[0] }}' as record_type,
        {{ parts[1] }} as record_id,
        cast({{ rule[1] }} as decimal(18, 6)) as numerator,
        cast({{ rule[2] }} as decimal(18, 6)) as denominator,
        {% if rule[0] in ['product_knowledge', 'bench_strength'] %}
        superseded_month
        {% else %}
        cast(null as date) as superseded_month
        {% endif %}
    from {{ name }}
    where {{ rule[3] }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

past as (

    select
        records.*,
        employee_days.supervisor_id,
        employee_days.scorecard_id,
        coalesce(employee_days.is_eligible, false) as is_eligible
    from records
    inner join employees on records.employee_id = employees.employee_id
    cross join as_of
    left join employee_days
        on
            records.employee_id = employee_days.employee_id
            and records.record_date = employee_days.calendar_date
    where
        records.record_date <= case
            when records.record_type in ('training', 'improvement', 'management_report')
                then as_of.as_of_date
            else {{ add_months('as_of.as_of_month', 1) }} - 1
        end

),

-- A metric's records are its own, and often those of another metric as well.
credits as (

    select
        metric_id,
        metric_id as credited_metric_id,
        'own' as credited_to
    from metrics
    where metric_id != 'first_exam_pass'
    {% for credited_to, credited in
        [('supervisor', team_metrics), ('own_standard', work)] %}
    {% for metric_id, credited_metric_id in credited.items() %}
    union all
    select
        '{{ metric_id }}' as metric_id,
        '{{ credited_metric_id }}' as credited_metric_id,
        '{{ credited_to }}' as credited_to
    {% endfor %}
    {% endfor %}

),

credited as (

    select
        case
            when credits.credited_to = 'supervisor' then past.supervisor_id
            else past.employee_id
        end as employee_id,
        past.record_date,
        credits.credited_metric_id as metric_id,
        past.record_type,
        past.record_id,
        credits.credited_to = 'own_standard' as is_work,
        past.numerator,
        past.denominator,
        past.superseded_month
    from past
    inner join credits on past.metric_id = credits.metric_id
    left join daily_standards
        on
            past.scorecard_id = daily_standards.scorecard_id
            and credits.credited_metric_id = daily_standards.metric_id
    where
        credits.credited_to = 'own'
        or (credits.credited_to = 'supervisor' and past.supervisor_id is not null)
        or (
            credits.credited_to = 'own_standard'
            and past.is_eligible
            and daily_standards.metric_id is not null
        )

)

-- A standard counts the work, whatever became of it.
select
    employee_id,
    cast(date_trunc('month', record_date) as date) as month_start,
    metric_id,
    record_type,
    record_id,
    record_date,
    case when is_work then cast(1 as decimal(18, 6)) else numerator end as numerator,
    case when is_work then cast(0 as decimal(18, 6)) else denominator end
        as denominator,
    case when not is_work then superseded_month end as superseded_month
from credited
