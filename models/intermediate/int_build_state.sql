{#-
    The last model of a build, after everything that a night adds to: it is written only if
    all of that was built. The row `invocation` says so; the next run begins by removing it.
-#}
-- depends_on: {{ ref('annual_dimension_scores') }}
-- depends_on: {{ ref('annual_metric_scores') }}
-- depends_on: {{ ref('annual_scorecards') }}
-- depends_on: {{ ref('int_year_outcomes_computed') }}
-- depends_on: {{ ref('monthly_dimension_scores') }}
-- depends_on: {{ ref('monthly_metric_scores') }}
-- depends_on: {{ ref('monthly_scorecards') }}
-- depends_on: {{ ref('rejected_rows') }}
with

arrivals as (

    select * from {{ source('nights', 'arrivals') }}

),

fingerprints as (

    select * from {{ ref('int_month_fingerprints') }}

),

remedies as (

    select * from {{ ref('int_remedies_granted') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

)

select
    'export' as subject,
    table_name as name,
    load_date as part,
    fingerprint
from arrivals
where fingerprint is not null
union all
select
    period_type as subject,
    part as name,
    coalesce(cast(period_start as string), '') as part,
    fingerprint
from fingerprints
union all
select
    'remedy' as subject,
    record_type as name,
    record_id as part,
    {{ remedy_text() }} as fingerprint
from remedies
union all
select
    'as_of' as subject,
    '' as name,
    '' as part,
    cast(as_of_at as string) as fingerprint
from as_of
union all
select
    'project' as subject,
    '' as name,
    '' as part,
    '{{ project_fingerprint() if execute }}' as fingerprint
union all
select
    'invocation' as subject,
    '' as name,
    '' as part,
    '{{ invocation_id }}' as fingerprint
where {{ 'true' if is_whole_run() else 'false' }}
