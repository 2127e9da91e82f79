{% set columns = score_columns() %}
{% set keys = ['scorecard_id', 'dimension_id', 'metric_id'] %}

with

computed as (

    select * from {{ ref('int_scores_computed') }}

),

scores as (

    select * from {{ source('published', 'scores') }}

),

periods_closed as (

    select * from {{ ref('int_periods_closed') }}

),

published as (

    select scores.*
    from scores
    inner join periods_closed
        on
            scores.employee_id = periods_closed.employee_id
            and scores.period_type = periods_closed.period_type
            and scores.period_start = periods_closed.period_start
            and scores.build_id = periods_closed.build_id

),

recomputed as (

    select computed.*
    from computed
    inner join periods_closed
        on
            computed.employee_id = periods_closed.employee_id
            and computed.period_type = periods_closed.period_type
            and computed.period_start = periods_closed.period_start

),

compared as (

    select
        {% for key in ['period_type', 'period_start', 'employee_id', 'level'] + keys %}
        coalesce(published.{{ key }}, recomputed.{{ key }}) as {{ key }},
        {% endfor %}
        case published.level
            when 'scorecard'
                then coalesce(published.annual_score, published.monthly_score)
            else published.contribution
        end as published_value,
        case recomputed.level
            when 'scorecard'
                then coalesce(recomputed.annual_score, recomputed.monthly_score)
            else recomputed.contribution
        end as recomputed_value,
        trim(
            {% for column in columns if column not in keys -%}
            case
                when published.{{ column }} is distinct from recomputed.{{ column }}
                    then '{{ column }} '
                else ''
            end{{ ' ||' if not loop.last }}
            {% endfor -%}
        ) as changed_columns,
        least(
            coalesce(published.pooled_from_month, published.period_start),
            coalesce(recomputed.pooled_from_month, recomputed.period_start)
        ) as pooled_from_month
    from published
    full outer join recomputed
        on
            published.employee_id = recomputed.employee_id
            and published.period_type = recomputed.period_type
            and published.period_start = recomputed.period_start
            and published.level = recomputed.level
            {% for key in keys -%}
            and coalesce(published.{{ key }}, '') = coalesce(recomputed.{{ key }}, '')
            {% endfor %}
    where published.row_hash is distinct from recomputed.row_hash

),

-- The last month whose records count, and the version that is compared with.
spanned as (

    select
        compared.*,
        case compared.period_type
            when 'year' then {{ add_months('compared.period_start', 11) }}
            else compared.period_start
        end as pooled_to_month,
        periods_closed.version_number,
        periods_closed.build_id
    from compared
    inner join periods_closed
        on
            compared.employee_id = periods_closed.employee_id
            and compared.period_type = periods_closed.period_type
            and compared.period_start = periods_closed.period_start

)

select * from spanned
