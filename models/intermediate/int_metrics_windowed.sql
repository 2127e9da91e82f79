with

metrics_asked as (

    select
        *,
        {{ add_months('month_start', '1 - window_months') }} as window_month_start,
        {{ add_months('month_start', '1 - longest_window_months') }}
            as earliest_month_start
    from {{ ref('int_metrics_asked') }}
    {{ of_the_periods_to_build() }}

),

evidence as (

    select * from {{ ref('int_metrics_unpivoted') }}

),

calendar_days as (

    select * from {{ ref('int_calendar_days') }}

),

months as (

    select month_start from calendar_days
    union
    select month_start from evidence

),

windows as (

    select distinct longest_window_months from metrics_asked

),

-- Each month beside those that its window may reach back to.
reached_months as (

    select
        months.month_start,
        windows.longest_window_months,
        earlier_months.month_start as evidence_month_start
    from months
    cross join windows
    inner join months as earlier_months
        on
            months.month_start >= earlier_months.month_start
            and {{ add_months(
                'months.month_start', '1 - windows.longest_window_months'
            ) }} <= earlier_months.month_start

),

pooled as (

    select
        metrics_asked.employee_id,
        metrics_asked.month_start,
        metrics_asked.scorecard_id,
        metrics_asked.dimension_id,
        metrics_asked.metric_id,
        sum(evidence.numerator) filter (
            where
            evidence.month_start >= metrics_asked.window_month_start
        ) as window_numerator,
        sum(evidence.denominator) filter (
            where
            evidence.month_start >= metrics_asked.window_month_start
        ) as window_denominator,
        sum(evidence.numerator) as longest_numerator,
        sum(evidence.denominator) as longest_denominator
    from metrics_asked
    inner join reached_months
        on
            metrics_asked.month_start = reached_months.month_start
            and metrics_asked.longest_window_months
            = reached_months.longest_window_months
    inner join evidence
        on
            metrics_asked.employee_id = evidence.employee_id
            and metrics_asked.metric_id = evidence.metric_id
            and reached_months.evidence_month_start = evidence.month_start
    where
        evidence.superseded_month is null
        or metrics_asked.month_start < evidence.superseded_month
    group by
        metrics_asked.employee_id,
        metrics_asked.month_start,
        metrics_asked.scorecard_id,
        metrics_asked.dimension_id,
        metrics_asked.metric_id

),

joined as (

    select
        metrics_asked.*,
        coalesce(pooled.window_numerator, 0) as window_numerator,
        coalesce(pooled.window_denominator, 0) as window_denominator,
        pooled.longest_numerator,
        pooled.longest_denominator
    from metrics_asked
    left join pooled
        on
            metrics_asked.employee_id = pooled.employee_id
            and metrics_asked.month_start = pooled.month_start
            and metrics_asked.scorecard_id = pooled.scorecard_id
            and metrics_asked.dimension_id = pooled.dimension_id
            and metrics_asked.metric_id = pooled.metric_id

),

judged as (

    select
        *,
        window_denominator > 0 and window_denominator >= minimum_denominator
            as is_enough,
        coalesce(
            longest_denominator > 0
            and longest_denominator >= minimum_denominator,
            false
        ) as is_enough_in_longest
    from joined

),

chosen as (

    select
        employee_id,
        month_start,
        scorecard_id,
        dimension_id,
        metric_id,
        case when is_enough then window_month_start else earliest_month_start end
            as pooled_from_month,
        cast(
            case when is_enough then window_numerator else longest_numerator end
            as decimal(18, 6)
        ) as numerator,
        cast(
            case when is_enough then window_denominator else longest_denominator end
            as decimal(18, 6)
        ) as denominator,
        case
            when is_enough or is_enough_in_longest then null
            when longest_denominator > 0 then 'below_minimum_denominator'
            else 'no_evidence'
        end as missing_reason
    from judged

)

select * from chosen
