{% set columns = outcome_columns() %}

with

periods_closed as (

    select * from {{ ref('int_periods_closed') }}
    where period_type = 'year'

),

outcomes as (

    select * from {{ source('published', 'outcomes') }}

),

recomputed as (

    select * from {{ ref('int_year_outcomes_computed') }}

),

published as (

    select
        outcomes.*,
        periods_closed.version_number
    from outcomes
    inner join periods_closed
        on
            outcomes.employee_id = periods_closed.employee_id
            and outcomes.period_start = periods_closed.period_start
            and outcomes.build_id = periods_closed.build_id

),

compared as (

    select
        published.employee_id,
        cast(extract(year from published.period_start) as integer) as appraisal_year,
        published.version_number,
        published.final_grade_id as published_grade_id,
        recomputed.final_grade_id as recomputed_grade_id,
        published.bonus_coefficient as published_bonus_coefficient,
        recomputed.bonus_coefficient as recomputed_bonus_coefficient,
        trim(
            {% for column in columns -%}
            case
                when published.{{ column }} is distinct from recomputed.{{ column }}
                    then '{{ column }} '
                else ''
            end{{ ' ||' if not loop.last }}
            {% endfor -%}
        ) as changed_columns
    from published
    left join recomputed
        on
            published.employee_id = recomputed.employee_id
            and published.period_start = recomputed.period_start
    where published.row_hash is distinct from recomputed.row_hash

)

select * from compared
