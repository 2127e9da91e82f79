with

appraisal_progress as (

    select * from {{ ref('appraisal_progress') }}

),

counted as (

    select
        supervisor_id,
        period_type,
        period_start,
        step_id,
        step_name_en,
        step_name_zh,
        count(*) as people,
        count(*) filter (where state != 'not_required') as required,
        {% for state in ['done', 'done_late', 'due', 'overdue'] %}
        count(*) filter (where state = '{{ state }}') as {{ state }},
        {% endfor %}
        max(case when state = 'overdue' then days_late end) as most_days_late
    from appraisal_progress
    where supervisor_id is not null
    group by
        supervisor_id, period_type, period_start, step_id, step_name_en, step_name_zh

)

select
    supervisor_id,
    period_type,
    period_start,
    step_id,
    step_name_en,
    step_name_zh,
    people,
    required,
    done,
    done_late,
    due,
    overdue,
    most_days_late,
    cast({{ divide('done + done_late', 'required', 6, scale=0) }} as decimal(9, 6))
        as done_share
from counted
