{% set project = project_fingerprint() if execute %}

with

restated as (

    select
        *,
        row_number() over (
            order by
                period_type, period_start, employee_id, level, scorecard_id,
                dimension_id, metric_id
        ) as place
    from {{ ref('int_scores_restated') }}

),

periods_closed as (

    select * from {{ ref('int_periods_closed') }}

),

remedies as (

    select * from {{ ref('int_remedies_granted') }}

),

versions as (

    select * from {{ source('published', 'versions') }}

),

records_kept as (

    select * from {{ source('published', 'records') }}

),

plan_kept as (

    select * from {{ source('published', 'plan_rows') }}

),

plan_rows as (

    select * from {{ ref('int_plan_rows') }}

),

records as (

    select * from {{ ref('metric_records') }}
    where {{ is_in_restated_months('month_start') }}

),

-- Records: what counted when a month was closed, beside what counts now.

builds_with_records as (

    select distinct build_id from records_kept

),

months_compared as (

    select
        periods_closed.employee_id,
        periods_closed.period_start as month_start,
        periods_closed.build_id
    from periods_closed
    semi join builds_with_records
        on periods_closed.build_id = builds_with_records.build_id
    where
        periods_closed.period_type = 'month'
        and {{ is_in_restated_months('periods_closed.period_start') }}

),

records_then as (

    select records_kept.*
    from records_kept
    inner join months_compared
        on
            records_kept.employee_id = months_compared.employee_id
            and records_kept.month_start = months_compared.month_start
            and records_kept.build_id = months_compared.build_id

),

records_now as (

    select records.*
    from records
    semi join months_compared
        on
            records.employee_id = months_compared.employee_id
            and records.month_start = months_compared.month_start

),

record_changes as (

    select
        coalesce(records_then.employee_id, records_now.employee_id) as employee_id,
        coalesce(records_then.month_start, records_now.month_start) as month_start,
        coalesce(records_then.metric_id, records_now.metric_id) as metric_id,
        coalesce(records_then.record_type, records_now.record_type) as record_type,
        coalesce(records_then.record_id, records_now.record_id) as record_id,
        case
            when records_then.record_id is null then 'counts now'
            when records_now.record_id is null then 'counts no longer'
            else 'counts otherwise'
        end as change
    from records_then
    full outer join records_now
        on
            records_then.employee_id = records_now.employee_id
            and records_then.month_start = records_now.month_start
            and records_then.metric_id = records_now.metric_id
            and records_then.record_type = records_now.record_type
            and records_then.record_id = records_now.record_id
    where
        records_then.numerator is distinct from records_now.numerator
        or records_then.denominator is distinct from records_now.denominator

),

-- Of a level above the metric, the records of all metrics below, each told once.
records_found as (

    select
        restated.place,
        record_changes.record_type,
        record_changes.record_id,
        case
            when min(record_changes.change) = max(record_changes.change)
                then min(record_changes.change)
            else 'counts otherwise'
        end as change
    from restated
    inner join restated as metrics_below
        on
            restated.period_type = metrics_below.period_type
            and restated.period_start = metrics_below.period_start
            and restated.employee_id = metrics_below.employee_id
            and coalesce(restated.scorecard_id = metrics_below.scorecard_id, true)
            and coalesce(restated.dimension_id = metrics_below.dimension_id, true)
            and coalesce(restated.metric_id = metrics_below.metric_id, true)
    inner join record_changes
        on
            metrics_below.employee_id = record_changes.employee_id
            and metrics_below.metric_id = record_changes.metric_id
            and metrics_below.pooled_from_month <= record_changes.month_start
            and metrics_below.pooled_to_month >= record_changes.month_start
    where metrics_below.level = 'metric'
    group by restated.place, record_changes.record_type, record_changes.record_id

),

records_numbered as (

    select
        records_found.*,
        row_number() over (
            partition by records_found.place
            order by records_found.record_type, records_found.record_id
        ) as record_place,
        records_found.record_type || ' ' || records_found.record_id || ' '
        || records_found.change
        || coalesce(' (objection ' || remedies.objection_id || ')', '') as words
    from records_found
    left join remedies
        on
            records_found.record_type = remedies.record_type
            and records_found.record_id = remedies.record_id

),

records_told as (

    select
        place,
        count(*) as changed_records,
        max(case when record_place = 1 then record_type end) as record_type,
        max(case when record_place = 1 then record_id end) as record_id,
        max(case when record_place = 1 then words else '' end)
        || max(case when record_place = 2 then ', ' || words else '' end)
        || max(case when record_place = 3 then ', ' || words else '' end)
        || case
            when count(*) > 3
                then ' and ' || cast(count(*) - 3 as string) || ' more records'
            else ''
        end as words
    from records_numbered
    group by place

),

-- The plan: rows that a version was computed with, beside those of now.

builds as (

    select distinct build_id from plan_kept

),

plan_added as (

    select
        builds.build_id,
        plan_rows.seed_name,
        plan_rows.row_text,
        'is new' as change
    from builds
    cross join plan_rows
    anti join plan_kept
        on
            builds.build_id = plan_kept.build_id
            and plan_rows.seed_name = plan_kept.seed_name
            and plan_rows.row_text = plan_kept.row_text

),

plan_gone as (

    select
        plan_kept.build_id,
        plan_kept.seed_name,
        plan_kept.row_text,
        'is gone' as change
    from plan_kept
    anti join plan_rows
        on
            plan_kept.seed_name = plan_rows.seed_name
            and plan_kept.row_text = plan_rows.row_text

),

plan_changes as (

    select * from plan_added
    union all
    select * from plan_gone

),

plan_numbered as (

    select
        *,
        row_number() over (
            partition by build_id order by seed_name, row_text, change
        ) as plan_place,
        seed_name || ' (' || row_text || ') ' || change as words
    from plan_changes

),

plan_told as (

    select
        build_id,
        count(*) as changed_plan_rows,
        max(case when plan_place = 1 then words else '' end)
        || max(case when plan_place = 2 then ', ' || words else '' end)
        || case
            when count(*) > 2
                then ' and ' || cast(count(*) - 2 as string) || ' more rows of the plan'
            else ''
        end as words
    from plan_numbered
    group by build_id

),

-- The year: its months that have another version than when it was closed.
months_mended as (

    select
        restated.place,
        max(months.version_number) as version_number,
        max(months.period_start) as month_start
    from restated
    inner join versions as year_versions
        on
            restated.period_type = year_versions.period_type
            and restated.period_start = year_versions.period_start
            and restated.version_number = year_versions.version_number
    inner join versions as months
        on
            months.period_type = 'month'
            and restated.period_start
            = cast(date_trunc('year', months.period_start) as date)
            and coalesce(restated.employee_id = months.employee_id, true)
            and year_versions.as_of_at < months.as_of_at
    where restated.period_type = 'year'
    group by restated.place

),

explained as (

    select
        restated.*,
        coalesce(records_told.changed_records, 0) as changed_records,
        records_told.record_type,
        records_told.record_id,
        coalesce(plan_told.changed_plan_rows, 0) as changed_plan_rows,
        case
            when records_told.words is not null then records_told.words
            when months_mended.place is not null
                then
                    'its month '
                    || substring(cast(months_mended.month_start as string), 1, 7)
                    || ' has version ' || cast(months_mended.version_number as string)
            when restated.published_value is null and plan_told.words is null
                then 'it was not known when the period was closed'
            when restated.changed_columns like '%eligible_days%'
                then 'the eligible days changed: positions, absences or employment'
            when restated.changed_columns like '%review_score%'
                then 'the year-end ratings changed'
        end as record_words,
        plan_told.words as plan_words,
        case
            when
                plan_told.words is null
                and coalesce(versions.project_fingerprint, '') != '{{ project }}'
                then 'models, contract or variables changed'
        end as project_words
    from restated
    inner join versions
        on
            restated.period_type = versions.period_type
            and restated.period_start = versions.period_start
            and restated.version_number = versions.version_number
    left join records_told on restated.place = records_told.place
    left join plan_told on restated.build_id = plan_told.build_id
    left join months_mended on restated.place = months_mended.place

),

worded as (

    select
        *,
        case
            when changed_records > 0 and changed_plan_rows > 0 then 'records and plan'
            when changed_records > 0 then 'records'
            when changed_plan_rows > 0 then 'plan'
            when record_words is not null then 'days, ratings or months'
            when project_words is not null then 'project'
            else 'other records of the period'
        end as cause,
        case level
            when 'scorecard' then 'the score'
            else coalesce(metric_id, dimension_id)
        end as subject,
        {% for value in ['published_value', 'recomputed_value'] %}
        coalesce(
            cast(cast(round({{ value }}, 2) as decimal(18, 2)) as string), 'no result'
        ) as {{ value }}_text,
        {% endfor %}
        coalesce(
            record_words || coalesce('; ' || plan_words, ''),
            plan_words,
            project_words,
            'another record of the period or of the team changed'
        ) as reason
    from explained

)

select
    period_type,
    period_start,
    employee_id,
    level,
    scorecard_id,
    dimension_id,
    metric_id,
    version_number,
    cast(published_value as decimal(18, 6)) as published_value,
    cast(recomputed_value as decimal(18, 6)) as recomputed_value,
    cast(recomputed_value - published_value as decimal(18, 6)) as difference,
    changed_columns,
    cause,
    cast(changed_records as bigint) as changed_records,
    record_type,
    record_id,
    cast(changed_plan_rows as bigint) as changed_plan_rows,
    employee_id || ', ' || period_type || ' of '
    || substring(
        cast(period_start as string), 1, case period_type when 'year' then 4 else 7 end
    )
    || ', ' || subject || ': published ' || published_value_text || ', would now be '
    || recomputed_value_text || ': ' || reason || '.' as sentence
from worded
