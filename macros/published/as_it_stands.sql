{#-
    Rows of months or years as they stand: of a closed period those that were published, of any
    other the ones just computed. A level of `scores`; or `outcomes`, which versions that were
    kept before there were any do not have: these are computed.
-#}
{% macro as_it_stands(period_type, level, computed, columns, table='scores') -%}
    {%- set period = {'month': 'month_start', 'year': 'appraisal_year'}[period_type] -%}
    {%- set start = {
        'month': 'period_start', 'year': 'cast(extract(year from period_start) as integer)'
    }[period_type] -%}
with

computed as (

    select * from {{ computed }}

),

published as (

    select * from {{ source('published', table) }}
    where period_type = '{{ period_type }}'{{ " and level = '" ~ level ~ "'" if level }}

),

periods_closed as (

    select
        *,
        {{ start }} as {{ period }}
    from {{ ref('int_periods_closed') }}
    {%- if table == 'outcomes' %}
    semi join published using (build_id, period_start)
    {%- endif %}
    where period_type = '{{ period_type }}'

),

open as (

    select
        computed.employee_id,
        computed.{{ period }},
        computed.{{ columns.keys() | join(',\n        computed.') }}
    from computed
    anti join periods_closed
        on
            computed.employee_id = periods_closed.employee_id
            and computed.{{ period }} = periods_closed.{{ period }}

),

closed as (

    select
        published.employee_id,
        periods_closed.{{ period }},
        {% for column, data_type in columns.items() -%}
        cast(published.{{ column }} as {{ data_type }}) as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from published
    inner join periods_closed
        on
            published.employee_id = periods_closed.employee_id
            and published.period_start = periods_closed.period_start
            and published.build_id = periods_closed.build_id

),

united as (

    select * from open
    union all
    select * from closed

)

select * from united
{%- endmacro %}
