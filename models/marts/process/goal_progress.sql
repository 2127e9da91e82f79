with

goals as (

    select * from {{ ref('stg_appraisal__goals') }}

),

personal_targets as (

    select * from {{ ref('int_personal_targets') }}

),

metrics as (

    select * from {{ ref('metrics') }}

),

standard_targets as (

    select * from {{ ref('standard_targets') }}

),

target_zones as (

    select * from {{ ref('int_target_zones') }}

),

steps as (

    select * from {{ ref('int_process_steps_dated') }}
    where period_type = 'year' and evidence = 'goals'

),

employee_months as (

    select * from {{ ref('employee_months') }}

),

calendar_days as (

    select * from {{ ref('int_calendar_days') }}

),

evidence as (

    select * from {{ ref('int_metrics_unpivoted') }}

),

parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

months as (

    select distinct
        calendar_days.month_start,
        cast(extract(year from calendar_days.month_start) as integer) as appraisal_year
    from calendar_days
    cross join as_of
    where calendar_days.month_start <= as_of.as_of_month

),

appraised_months as (

    select distinct
        employee_id,
        month_start
    from employee_months
    where is_appraised

),

-- Of two scorecards that ask for the metric, the one with more eligible days.
asked as (

    select
        employee_months.employee_id,
        employee_months.month_start,
        standard_targets.metric_id,
        standard_targets.target_value as standard_target_value,
        target_zones.zone_from,
        target_zones.zone_to
    from employee_months
    inner join standard_targets
        on employee_months.scorecard_id = standard_targets.scorecard_id
    semi join goals
        on
            employee_months.employee_id = goals.employee_id
            and standard_targets.metric_id = goals.metric_id
    left join target_zones
        on
            standard_targets.scorecard_id = target_zones.scorecard_id
            and standard_targets.metric_id = target_zones.metric_id
    qualify
        row_number() over (
            partition by
                employee_months.employee_id,
                employee_months.month_start,
                standard_targets.metric_id
            order by
                employee_months.eligible_days desc, employee_months.scorecard_id asc
        ) = 1

),

goals_dated as (

    select
        goals.employee_id,
        goals.appraisal_year,
        goals.metric_id,
        goals.proposed_on,
        goals.target_value,
        goals.employee_agreed_on,
        goals.manager_agreed_on,
        personal_targets.agreed_month,
        case
            when personal_targets.agreed_month is not null
                then greatest(goals.employee_agreed_on, goals.manager_agreed_on)
        end as agreed_on,
        steps.due_on as agreement_due_on
    from goals
    left join personal_targets
        on
            goals.employee_id = personal_targets.employee_id
            and goals.appraisal_year = personal_targets.appraisal_year
            and goals.metric_id = personal_targets.metric_id
            and goals.proposed_on = personal_targets.proposed_on
    left join steps on goals.appraisal_year = extract(year from steps.period_start)

),

-- All months of the year, also those before the proposal: their evidence counts.
goal_months as (

    select
        goals_dated.*,
        months.month_start,
        {{ add_months('months.month_start', 1) }} as next_month_start,
        {{ add_months('months.month_start', '- parameters.trend_months') }}
            as earlier_last_month,
        {{ add_months('months.month_start', '1 - 2 * parameters.trend_months') }}
            as earlier_first_month,
        max(
            case
                when goals_dated.agreed_month <= months.month_start
                    then goals_dated.proposed_on
            end
        ) over (
            partition by
                goals_dated.employee_id,
                goals_dated.appraisal_year,
                goals_dated.metric_id,
                months.month_start
        ) as agreed_proposal_on,
        max(appraised_months.month_start) over (
            partition by
                goals_dated.employee_id,
                goals_dated.appraisal_year,
                goals_dated.metric_id,
                goals_dated.proposed_on
            order by months.month_start
        ) as last_appraised_month
    from goals_dated
    inner join months on goals_dated.appraisal_year = months.appraisal_year
    cross join parameters
    left join appraised_months
        on
            goals_dated.employee_id = appraised_months.employee_id
            and months.month_start = appraised_months.month_start

),

-- As in `annual_metric_scores`: appraised months, as they stand in the last of them.
year_to_date as (

    select
        goal_months.employee_id,
        goal_months.appraisal_year,
        goal_months.metric_id,
        goal_months.proposed_on,
        goal_months.month_start,
        cast(sum(evidence.numerator) as decimal(18, 6)) as numerator,
        cast(sum(evidence.denominator) as decimal(18, 6)) as denominator,
        cast(count(distinct evidence.month_start) as integer) as months_measured
    from goal_months
    inner join evidence
        on
            goal_months.employee_id = evidence.employee_id
            and goal_months.metric_id = evidence.metric_id
            and goal_months.appraisal_year = extract(year from evidence.month_start)
            and goal_months.month_start >= evidence.month_start
    inner join appraised_months
        on
            evidence.employee_id = appraised_months.employee_id
            and evidence.month_start = appraised_months.month_start
    where
        evidence.superseded_month is null
        or evidence.superseded_month > goal_months.last_appraised_month
    group by
        goal_months.employee_id,
        goal_months.appraisal_year,
        goal_months.metric_id,
        goal_months.proposed_on,
        goal_months.month_start

),

-- Each span is read as it stood in its last month.
spans as (

    select
        {% for measure in ['numerator', 'denominator'] %}
        cast(
            sum(evidence.{{ measure }}) filter (
                where evidence.month_start = goal_months.month_start
            ) as decimal(18, 6)
        ) as {{ measure }},
        cast(
            sum(evidence.{{ measure }}) filter (
                where
                evidence.month_start > goal_months.earlier_last_month
                and coalesce(evidence.superseded_month > goal_months.month_start, true)
            ) as decimal(18, 6)
        ) as recent_{{ measure }},
        cast(
            sum(evidence.{{ measure }}) filter (
                where
                evidence.month_start <= goal_months.earlier_last_month
                and coalesce(
                    evidence.superseded_month > goal_months.earlier_last_month, true
                )
            ) as decimal(18, 6)
        ) as earlier_{{ measure }},
        {% endfor %}
        goal_months.employee_id,
        goal_months.appraisal_year,
        goal_months.metric_id,
        goal_months.proposed_on,
        goal_months.month_start
    from goal_months
    inner join evidence
        on
            goal_months.employee_id = evidence.employee_id
            and goal_months.metric_id = evidence.metric_id
            and goal_months.month_start >= evidence.month_start
            and goal_months.earlier_first_month <= evidence.month_start
    group by
        goal_months.employee_id,
        goal_months.appraisal_year,
        goal_months.metric_id,
        goal_months.proposed_on,
        goal_months.month_start

),

joined as (

    select
        goal_months.*,
        metrics.direction,
        metrics.minimum_value,
        metrics.maximum_value,
        asked.standard_target_value,
        {% for bound in ['zone_from', 'zone_to'] %}
        cast(
            {{ divide(
                'cast(asked.' ~ bound ~ ' as decimal(38, 6)) * goal_months.target_value',
                'asked.standard_target_value',
                6,
                scale=10,
            ) }}
            as decimal(18, 6)
        ) as {{ bound }},
        {% endfor %}
        spans.numerator,
        spans.denominator,
        year_to_date.numerator as year_to_date_numerator,
        year_to_date.denominator as year_to_date_denominator,
        year_to_date.months_measured,
        spans.recent_numerator,
        spans.recent_denominator,
        spans.earlier_numerator,
        spans.earlier_denominator,
        12 - cast(extract(month from goal_months.month_start) as integer)
            as remaining_months,
        least(goal_months.next_month_start - 1, as_of.as_of_date) as known_on,
        parameters.steady_change_share
    from goal_months
    inner join metrics on goal_months.metric_id = metrics.metric_id
    cross join parameters
    cross join as_of
    left join asked
        on
            goal_months.employee_id = asked.employee_id
            and goal_months.month_start = asked.month_start
            and goal_months.metric_id = asked.metric_id
    {% for pooled in ['spans', 'year_to_date'] %}
    left join {{ pooled }}
        on
            goal_months.employee_id = {{ pooled }}.employee_id
            and goal_months.appraisal_year = {{ pooled }}.appraisal_year
            and goal_months.metric_id = {{ pooled }}.metric_id
            and goal_months.proposed_on = {{ pooled }}.proposed_on
            and goal_months.month_start = {{ pooled }}.month_start
    {% endfor %}
    where
        goal_months.month_start
        >= cast(date_trunc('month', goal_months.proposed_on) as date)

),

valued as (

    select
        *,
        {% for span in ['', 'year_to_date_', 'recent_', 'earlier_'] %}
        cast(
            {{ divide(span ~ 'numerator', span ~ 'denominator', 6, scale=6) }}
            as decimal(18, 6)
        ) as {{ span if span else 'metric_' }}value,
        {% endfor %}
        case
            when remaining_months > 0
                then
                    cast(
                        {{ divide(
                            'cast(target_value * (months_measured + remaining_months)'
                            ' as decimal(38, 4)) * year_to_date_denominator'
                            ' - cast(year_to_date_numerator as decimal(38, 6))'
                            ' * months_measured',
                            'cast(year_to_date_denominator as decimal(38, 6))'
                            ' * remaining_months',
                            6,
                            scale=10,
                        ) }}
                        as decimal(18, 6)
                    )
        end as needed_value
    from joined

),

judged as (

    select
        *,
        case
            when proposed_on < agreed_proposal_on then 'superseded'
            when agreed_month <= month_start and agreed_on > agreement_due_on
                then 'agreed_late'
            when agreed_month <= month_start then 'agreed'
            when employee_agreed_on < next_month_start then 'awaiting_manager'
            when manager_agreed_on < next_month_start then 'awaiting_employee'
            else 'awaiting_both'
        end as state,
        -- Exact, not from the rounded value.
        case
            when coalesce(year_to_date_denominator, 0) = 0 then null
            when direction = 'up'
                then
                    year_to_date_numerator
                    >= cast(target_value as decimal(38, 4)) * year_to_date_denominator
            when direction = 'down'
                then
                    year_to_date_numerator
                    <= cast(target_value as decimal(38, 4)) * year_to_date_denominator
            when standard_target_value is not null
                then
                    coalesce(
                        year_to_date_numerator
                        >= cast(zone_from as decimal(38, 6)) * year_to_date_denominator,
                        true
                    )
                    and coalesce(
                        year_to_date_numerator
                        <= cast(zone_to as decimal(38, 6)) * year_to_date_denominator,
                        true
                    )
        end as is_on_target,
        case
            when recent_value is null or earlier_value is null then null
            when direction = 'up' then recent_value - earlier_value
            when direction = 'down' then earlier_value - recent_value
            when standard_target_value is not null
                then
                    greatest(zone_from - earlier_value, earlier_value - zone_to, 0)
                    - greatest(zone_from - recent_value, recent_value - zone_to, 0)
        end as change_to_better
    from valued

)

select
    employee_id,
    cast(appraisal_year as integer) as appraisal_year,
    metric_id,
    proposed_on,
    month_start,
    case when agreed_month <= month_start then agreed_on end as agreed_on,
    agreement_due_on,
    state,
    state like 'awaiting%' and coalesce(known_on > agreement_due_on, false)
        as is_agreement_overdue,
    target_value,
    standard_target_value,
    numerator,
    denominator,
    metric_value,
    year_to_date_numerator,
    year_to_date_denominator,
    year_to_date_value,
    is_on_target,
    recent_numerator,
    recent_denominator,
    recent_value,
    earlier_numerator,
    earlier_denominator,
    earlier_value,
    case
        when change_to_better is null then null
        when
            abs(change_to_better)
            <= cast(steady_change_share as decimal(38, 6)) * abs(earlier_value)
            then 'steady'
        when change_to_better > 0 then 'improving'
        else 'worsening'
    end as trend,
    remaining_months,
    needed_value,
    case
        when needed_value is null then null
        when direction = 'up' then coalesce(needed_value > maximum_value, false)
        when direction = 'down' then coalesce(needed_value < minimum_value, false)
        else
            coalesce(needed_value > maximum_value, false)
            or coalesce(needed_value < minimum_value, false)
    end as is_out_of_reach
from judged
