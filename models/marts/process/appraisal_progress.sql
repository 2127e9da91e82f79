with

steps as (

    select * from {{ ref('int_process_steps_dated') }}

),

employee_months as (

    select * from {{ ref('employee_months') }}

),

years_judged as (

    select * from {{ ref('int_years_judged') }}

),

employee_days as (

    select * from {{ ref('int_employee_days') }}

),

employees as (

    select * from {{ ref('stg_hr__employees') }}

),

metrics as (

    select * from {{ ref('metrics') }}

),

metric_weights as (

    select * from {{ ref('metric_weights') }}

),

dimension_weights as (

    select * from {{ ref('dimension_weights') }}

),

goals as (

    select * from {{ ref('stg_appraisal__goals') }}

),

ratings as (

    select * from {{ ref('rating_submissions') }}

),

interviews as (

    select * from {{ ref('stg_appraisal__interviews') }}

),

closings as (

    select * from {{ ref('stg_appraisal__closings') }}

),

period_steps as (

    select * from {{ ref('int_period_steps') }}
    where step = 'published'

),

objections as (

    select * from {{ ref('int_objections_judged') }}
    where period_type is not null

),

calendar_days as (

    select * from {{ ref('int_calendar_days') }}

),

working_days as (

    select * from {{ ref('int_calendar_days') }}
    where is_working_day

),

parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

-- Whose period it is, under which scorecard, and who leads the person.

months_led as (

    select
        employee_id,
        month_start,
        max_by(supervisor_id, calendar_date) filter (where supervisor_id is not null)
            as supervisor_id
    from employee_days
    group by employee_id, month_start

),

-- Who left with the month leaves its appraisal to the successor.
months_supervised as (

    select
        months_led.employee_id,
        months_led.month_start,
        case
            when
                employees.termination_date
                < {{ add_months('months_led.month_start', 1) }}
                then coalesce(next_months.supervisor_id, months_led.supervisor_id)
            else months_led.supervisor_id
        end as supervisor_id
    from months_led
    left join employees on months_led.supervisor_id = employees.employee_id
    left join months_led as next_months
        on
            months_led.employee_id = next_months.employee_id
            and {{ add_months('months_led.month_start', 1) }} = next_months.month_start

),

month_periods as (

    select
        'month' as period_type,
        month_start as period_start,
        employee_id,
        month_start as last_month_start,
        scorecard_id,
        case
            when
                max(case when is_appraised then 1 else 0 end) over (
                    partition by employee_id, month_start
                ) = 0
                then 'eligible_days_below_minimum'
        end as exclusion
    from employee_months
    qualify
        row_number() over (
            partition by employee_id, month_start
            order by eligible_days desc, scorecard_id asc
        ) = 1

),

last_months as (

    select
        employee_id,
        cast(extract(year from month_start) as integer) as appraisal_year,
        max(month_start) as last_month_start
    from months_led
    group by employee_id, cast(extract(year from month_start) as integer)

),

-- The scorecard of the role at the year's end, as it held last.
year_periods as (

    select
        'year' as period_type,
        years_judged.year_start as period_start,
        years_judged.employee_id,
        last_months.last_month_start,
        employee_months.scorecard_id,
        case
            when years_judged.status = 'not_eligible' then years_judged.status_reason
        end as exclusion
    from years_judged
    inner join last_months
        on
            years_judged.employee_id = last_months.employee_id
            and years_judged.appraisal_year = last_months.appraisal_year
    left join employee_months
        on
            years_judged.employee_id = employee_months.employee_id
            and years_judged.appraisal_year
            = extract(year from employee_months.month_start)
            and years_judged.role_id = employee_months.role_id
    qualify
        row_number() over (
            partition by years_judged.employee_id, years_judged.appraisal_year
            order by
                employee_months.month_start desc,
                employee_months.eligible_days desc,
                employee_months.scorecard_id asc
        ) = 1

),

periods as (

    select * from month_periods
    union all
    select * from year_periods

),

-- Above the direct supervisor is the head; nobody above, and the supervisor is.
periods_led as (

    select
        periods.*,
        employees.termination_date,
        supervised.supervisor_id,
        coalesce(heads.supervisor_id, supervised.supervisor_id) as head_id
    from periods
    inner join employees on periods.employee_id = employees.employee_id
    left join months_supervised as supervised
        on
            periods.employee_id = supervised.employee_id
            and periods.last_month_start = supervised.month_start
    left join months_supervised as heads
        on
            supervised.supervisor_id = heads.employee_id
            and periods.last_month_start = heads.month_start

),

asked as (

    select
        periods_led.*,
        steps.step_id,
        steps.name_en,
        steps.name_zh,
        steps.responsible,
        case steps.responsible when 'employee' then 'self' else steps.responsible end
            as relation,
        steps.evidence,
        steps.due_from,
        steps.due_on
    from periods_led
    inner join steps
        on
            periods_led.period_type = steps.period_type
            and periods_led.period_start = steps.period_start

),

-- What shows that a step is done.

criteria as (

    select
        'month' as period_type,
        metric_weights.scorecard_id,
        metric_weights.metric_id as criterion_id
    from metric_weights
    inner join metrics on metric_weights.metric_id = metrics.metric_id
    where metrics.source = 'ratings'
    union
    select
        'year' as period_type,
        scorecard_id,
        dimension_id as criterion_id
    from dimension_weights

),

-- The first rating of a criterion: mending it later is no delay.
rated as (

    select
        ratee_id,
        period_type,
        period_start,
        relation,
        criterion_id,
        min(submitted_on) as submitted_on
    from ratings
    group by ratee_id, period_type, period_start, relation, criterion_id

),

ratings_found as (

    select
        asked.employee_id,
        asked.period_type,
        asked.period_start,
        asked.step_id,
        count(*) as items,
        count(rated.submitted_on) as items_done,
        max(rated.submitted_on) as last_done_on
    from asked
    inner join criteria
        on
            asked.period_type = criteria.period_type
            and asked.scorecard_id = criteria.scorecard_id
    left join rated
        on
            asked.employee_id = rated.ratee_id
            and asked.period_type = rated.period_type
            and asked.period_start = rated.period_start
            and criteria.criterion_id = rated.criterion_id
            and asked.relation = rated.relation
    where asked.evidence = 'ratings'
    group by asked.employee_id, asked.period_type, asked.period_start, asked.step_id

),

goals_known as (

    select
        goals.employee_id,
        goals.appraisal_year,
        goals.metric_id,
        min(
            case
                when
                    goals.employee_agreed_on <= as_of.as_of_date
                    and goals.manager_agreed_on <= as_of.as_of_date
                    then greatest(goals.employee_agreed_on, goals.manager_agreed_on)
            end
        ) as agreed_on,
        count(
            case when goals.employee_agreed_on <= as_of.as_of_date then 1 end
        ) as employee_agreements
    from goals
    cross join as_of
    where goals.proposed_on <= as_of.as_of_date
    group by goals.employee_id, goals.appraisal_year, goals.metric_id

),

goals_found as (

    select
        employee_id,
        'year' as period_type,
        make_date(cast(appraisal_year as integer), 1, 1) as period_start,
        count(*) as items,
        count(agreed_on) as items_done,
        max(agreed_on) as last_done_on,
        max(case when agreed_on is null and employee_agreements = 0 then 1 else 0 end)
        = 1 as awaits_employee
    from goals_known
    group by employee_id, appraisal_year

),

interviews_found as (

    select
        interviews.employee_id,
        'year' as period_type,
        make_date(cast(interviews.appraisal_year as integer), 1, 1) as period_start,
        min(interviews.held_on) as last_done_on
    from interviews
    cross join as_of
    where interviews.held_on <= as_of.as_of_date
    group by interviews.employee_id, interviews.appraisal_year

),

published as (

    select
        periods.employee_id,
        periods.period_type,
        periods.period_start,
        min(period_steps.stepped_on) as first_published_on,
        max(period_steps.stepped_on) as last_published_on
    from periods
    inner join period_steps
        on
            periods.period_type = period_steps.period_type
            and periods.period_start = period_steps.period_start
    where coalesce(period_steps.employee_id = periods.employee_id, true)
    group by periods.employee_id, periods.period_type, periods.period_start

),

-- Of several objections, the first one filed; of those in time, the one most behind.
objections_filed as (

    select * from objections
    qualify
        row_number() over (
            partition by employee_id, period_type, period_start
            order by filed_on, objection_id
        ) = 1

),

objections_to_decide as (

    select * from objections
    where state != 'late'
    qualify
        row_number() over (
            partition by employee_id, period_type, period_start
            order by
                case when decided_on is null then 0 else 1 end asc,
                case when is_decided_late then 0 else 1 end asc,
                decision_due_on desc,
                objection_id asc
        ) = 1

),

{% for export in ['ratings', 'interviews', 'closings'] %}
{{ export }}_counted as (

    select count(*) as {{ export }}_rows from {{ export }}

),

{% endfor %}
joined as (

    select
        asked.*,
        goals_found.awaits_employee,
        ratings_counted.ratings_rows,
        interviews_counted.interviews_rows,
        closings_counted.closings_rows,
        case asked.evidence
            when 'ratings' then coalesce(ratings_found.items, 0)
            when 'goals' then coalesce(goals_found.items, 0)
            when 'objections'
                then
                    case
                        when
                            asked.due_from = 'publication'
                            and objections_filed.objection_id is not null
                            then 1
                        when
                            asked.due_from = 'filing'
                            and objections_to_decide.objection_id is not null
                            then 1
                        else 0
                    end
            else 1
        end as items,
        case asked.evidence
            when 'ratings' then coalesce(ratings_found.items_done, 0)
            when 'goals' then coalesce(goals_found.items_done, 0)
            when 'interviews'
                then case when interviews_found.last_done_on is null then 0 else 1 end
            when 'closings'
                then case when published.first_published_on is null then 0 else 1 end
            when 'objections'
                then
                    case
                        when
                            asked.due_from = 'publication'
                            and objections_filed.filed_on is not null
                            then 1
                        when
                            asked.due_from = 'filing'
                            and objections_to_decide.decided_on is not null
                            then 1
                        else 0
                    end
        end as items_done,
        case asked.evidence
            when 'ratings' then ratings_found.last_done_on
            when 'goals' then goals_found.last_done_on
            when 'interviews' then interviews_found.last_done_on
            when 'closings' then published.first_published_on
            when 'objections'
                then
                    case asked.due_from
                        when 'publication' then objections_filed.filed_on
                        else objections_to_decide.decided_on
                    end
        end as last_done_on,
        case asked.due_from
            when 'period' then asked.due_on
            when 'publication'
                then
                    case
                        when objections_filed.objection_id is null
                            then working_days.calendar_date
                        else objections_filed.filing_due_on
                    end
            else objections_to_decide.decision_due_on
        end as step_due_on
    from asked
    cross join ratings_counted
    cross join interviews_counted
    cross join closings_counted
    cross join parameters
    left join ratings_found
        on
            asked.employee_id = ratings_found.employee_id
            and asked.period_type = ratings_found.period_type
            and asked.period_start = ratings_found.period_start
            and asked.step_id = ratings_found.step_id
    {% for found in [
        'goals_found', 'interviews_found', 'published', 'objections_filed',
        'objections_to_decide'
    ] %}
    left join {{ found }}
        on
            asked.employee_id = {{ found }}.employee_id
            and asked.period_type = {{ found }}.period_type
            and asked.period_start = {{ found }}.period_start
    {% endfor %}
    left join calendar_days
        on published.last_published_on = calendar_days.calendar_date
    left join working_days
        on
            calendar_days.working_days + parameters.objection_filing_working_days
            = working_days.working_days

),

reasoned as (

    select
        *,
        case when items_done = items then last_done_on end as done_on,
        case responsible
            when 'employee' then employee_id
            when 'supervisor' then supervisor_id
            when 'head'
                then
                    case
                        when coalesce(awaits_employee and evidence = 'goals', false)
                            then employee_id
                        else head_id
                    end
        end as responsible_id,
        case
            when exclusion is not null then exclusion
            when
                (evidence = 'ratings' and ratings_rows = 0)
                or (evidence = 'interviews' and interviews_rows = 0)
                or (evidence = 'closings' and closings_rows = 0)
                then 'not_recorded'
            when evidence = 'goals' and items = 0 then 'no_personal_goal'
            when evidence = 'objections' and items = 0 then 'no_objection'
            when evidence = 'ratings' and items = 0 then 'nothing_to_rate'
            when
                evidence in ('ratings', 'interviews')
                and responsible in ('supervisor', 'head')
                and supervisor_id is null
                then 'no_supervisor'
            when
                evidence = 'ratings'
                and responsible = 'head'
                and head_id = supervisor_id
                then 'supervisor_is_head'
            when
                (evidence = 'interviews' or responsible = 'employee')
                and coalesce(termination_date < step_due_on, false)
                then 'left_before_due'
        end as not_required_reason
    from joined

),

judged as (

    select
        reasoned.*,
        as_of.as_of_date,
        case
            when reasoned.not_required_reason is not null then 'not_required'
            when reasoned.done_on > reasoned.step_due_on then 'done_late'
            when reasoned.done_on is not null then 'done'
            when as_of.as_of_date > reasoned.step_due_on then 'overdue'
            else 'due'
        end as state
    from reasoned
    cross join as_of

)

select
    employee_id,
    period_type,
    period_start,
    step_id,
    name_en as step_name_en,
    name_zh as step_name_zh,
    supervisor_id,
    responsible,
    responsible_id,
    cast(items as bigint) as items,
    cast(items_done as bigint) as items_done,
    step_due_on as due_on,
    done_on,
    state,
    not_required_reason,
    case state
        when 'overdue'
            then cast({{ days_elapsed('step_due_on', 'as_of_date') }} as bigint)
        when 'done_late'
            then cast({{ days_elapsed('step_due_on', 'done_on') }} as bigint)
    end as days_late
from judged
