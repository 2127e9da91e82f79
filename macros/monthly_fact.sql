{#-
    A monthly fact: the measures of a by-day model summed over employee and month, with the
    zeros that are true. An eligible employee without a record in a month in which the export
    holds records did nothing of the kind; in a month that the export does not know, nobody's
    nothing is known and no row is made.
-#}
{% macro monthly_fact(by_day, measures) -%}
with

by_day as (

    select * from {{ by_day }}
    {{ of_the_periods_to_build() }}

),

employee_months as (

    select * from {{ ref('employee_months') }}
    {{ of_the_periods_to_build() }}

),

known_months as (

    select distinct month_start from by_day

),

true_zeros as (

    select distinct
        employee_months.employee_id,
        employee_months.month_start
    from employee_months
    inner join known_months on employee_months.month_start = known_months.month_start
    where employee_months.eligible_days > 0

),

united as (

    select
        employee_id,
        month_start,
        {{ measures.keys() | join(',\n        ') }}
    from by_day
    union all
    select
        employee_id,
        month_start,
        {% for measure in measures -%}
        0 as {{ measure }}{{ ',' if not loop.last }}
        {% endfor -%}
    from true_zeros

),

summed as (

    select
        employee_id,
        month_start,
        {% for measure, data_type in measures.items() -%}
        cast(sum({{ measure }}) as {{ data_type }}) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor -%}
    from united
    group by employee_id, month_start

)

select * from summed
{%- endmacro %}
