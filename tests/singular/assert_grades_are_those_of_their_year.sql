{#- Caps, quotas and decisions that name a grade of other years have no effect. -#}
with

grades as (

    select * from {{ ref('int_grades_ranked') }}

),

grade_caps as (

    select * from {{ ref('grade_caps') }}

),

distribution_quotas as (

    select * from {{ ref('distribution_quotas') }}

),

grade_decisions as (

    select * from {{ ref('stg_appraisal__grade_decisions') }}

),

years as (

    select distinct
        appraisal_year,
        make_date(appraisal_year, 12, 31) as year_end
    from grades

),

named as (

    select
        years.appraisal_year,
        'grade_caps' as table_name,
        grade_caps.grade_cap_id as row_key,
        grade_caps.best_grade_id as grade_id
    from years
    inner join grade_caps
        on
            years.year_end >= grade_caps.valid_from
            and coalesce(years.year_end < grade_caps.valid_to, true)
    union all
    select
        years.appraisal_year,
        'distribution_quotas' as table_name,
        distribution_quotas.grade_id as row_key,
        distribution_quotas.grade_id
    from years
    inner join distribution_quotas
        on
            years.year_end >= distribution_quotas.valid_from
            and coalesce(years.year_end < distribution_quotas.valid_to, true)
    union all
    select
        years.appraisal_year,
        'grade_decisions' as table_name,
        grade_decisions.decision_id as row_key,
        grade_decisions.grade_id
    from years
    inner join grade_decisions
        on years.appraisal_year = grade_decisions.appraisal_year

)

select named.*
from named
left join grades
    on
        named.appraisal_year = grades.appraisal_year
        and named.grade_id = grades.grade_id
where grades.grade_id is null
