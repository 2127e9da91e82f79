with

coaching_sessions as (

    select * from {{ ref('stg_learning__coaching_sessions') }}
    where {{ known_by_as_of('held_at') }}

),

time_zone_offsets as (

    select * from {{ ref('int_time_zone_offsets') }}

),

metrics as (

    select * from {{ ref('metrics') }}

),

employee_months as (

    select * from {{ ref('employee_months') }}

),

target_zones as (

    select * from {{ ref('int_target_zones') }}

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

-- Of two scorecards with the zone, the one with more eligible days.
zones as (

    select
        employee_months.employee_id,
        employee_months.month_start,
        target_zones.metric_id,
        target_zones.zone_from,
        target_zones.zone_to
    from employee_months
    inner join target_zones on employee_months.scorecard_id = target_zones.scorecard_id
    qualify
        row_number() over (
            partition by
                employee_months.employee_id,
                employee_months.month_start,
                target_zones.metric_id
            order by
                employee_months.eligible_days desc, employee_months.scorecard_id asc
        ) = 1

),

sessions_dated as (

    select
        coaching_sessions.session_id,
        coaching_sessions.employee_id,
        coaching_sessions.coach_id,
        coaching_sessions.metric_id,
        coaching_sessions.held_at,
        cast(
            {{ add_seconds(
                'coaching_sessions.held_at', 'time_zone_offsets.offset_seconds'
            ) }} as date
        ) as held_on
    from coaching_sessions
    left join time_zone_offsets
        on
            coaching_sessions.held_at >= time_zone_offsets.valid_from_at
            and coaching_sessions.held_at < time_zone_offsets.valid_to_at

),

sessions_in_months as (

    select
        *,
        cast(date_trunc('month', held_on) as date) as month_start
    from sessions_dated

),

sessions as (

    select
        sessions_in_months.*,
        {{ add_months(
            'sessions_in_months.month_start', '- parameters.coaching_effect_months'
        ) }} as first_month_before,
        {{ add_months('sessions_in_months.month_start', -1) }} as last_month_before,
        {{ add_months(
            'sessions_in_months.month_start', 'parameters.coaching_effect_months'
        ) }} as last_month_after,
        as_of.as_of_month,
        as_of.as_of_local_at,
        parameters.steady_change_share
    from sessions_in_months
    cross join parameters
    cross join as_of

),

-- Each span is read as it stood in its last month.
compared as (

    select
        {% for measure in ['numerator', 'denominator'] %}
        cast(
            sum(evidence.{{ measure }}) filter (
                where
                evidence.month_start < sessions.month_start
                and coalesce(
                    evidence.superseded_month > sessions.last_month_before, true
                )
            ) as decimal(18, 6)
        ) as before_{{ measure }},
        cast(
            sum(evidence.{{ measure }}) filter (
                where
                evidence.month_start > sessions.month_start
                and coalesce(
                    evidence.superseded_month
                    > least(sessions.last_month_after, sessions.as_of_month),
                    true
                )
            ) as decimal(18, 6)
        ) as after_{{ measure }},
        {% endfor %}
        sessions.session_id
    from sessions
    inner join evidence
        on
            sessions.employee_id = evidence.employee_id
            and sessions.metric_id = evidence.metric_id
            and sessions.first_month_before <= evidence.month_start
            and sessions.last_month_after >= evidence.month_start
    group by sessions.session_id

),

joined as (

    select
        sessions.*,
        metrics.direction,
        metrics.minimum_denominator,
        zones.zone_from,
        zones.zone_to,
        zones.metric_id is not null as has_zone,
        compared.before_numerator,
        compared.before_denominator,
        compared.after_numerator,
        compared.after_denominator,
        {% for span in ['before', 'after'] %}
        cast(
            {{ divide(
                'compared.' ~ span ~ '_numerator',
                'compared.' ~ span ~ '_denominator',
                6,
                scale=6,
            ) }}
            as decimal(18, 6)
        ) as {{ span }}_value,
        coalesce(
            compared.{{ span }}_denominator > 0
            and compared.{{ span }}_denominator >= metrics.minimum_denominator,
            false
        ) as is_enough_{{ span }},
        {% endfor %}
        case
            when sessions.metric_id is not null
                then
                    sessions.as_of_local_at >= cast(
                        {{ add_months('sessions.last_month_after', 1) }} as timestamp
                    )
        end as is_after_complete
    from sessions
    left join metrics on sessions.metric_id = metrics.metric_id
    left join zones
        on
            sessions.employee_id = zones.employee_id
            and sessions.month_start = zones.month_start
            and sessions.metric_id = zones.metric_id
    left join compared on sessions.session_id = compared.session_id

),

changed as (

    select
        *,
        case
            when before_value is null or after_value is null then null
            when direction = 'up' then after_value - before_value
            when direction = 'down' then before_value - after_value
            when has_zone
                then
                    greatest(zone_from - before_value, before_value - zone_to, 0)
                    - greatest(zone_from - after_value, after_value - zone_to, 0)
        end as change_to_better
    from joined

)

select
    session_id,
    employee_id,
    coach_id,
    held_at,
    held_on,
    metric_id,
    before_numerator,
    before_denominator,
    before_value,
    after_numerator,
    after_denominator,
    after_value,
    cast(change_to_better as decimal(18, 6)) as change_to_better,
    minimum_denominator,
    is_after_complete,
    case
        when metric_id is null then null
        when not is_enough_before or not is_enough_after then 'too_little_evidence'
        when change_to_better is null then null
        when
            abs(change_to_better)
            <= cast(steady_change_share as decimal(38, 6)) * abs(before_value)
            then 'unchanged'
        when change_to_better > 0 then 'better'
        else 'worse'
    end as moved
from changed
