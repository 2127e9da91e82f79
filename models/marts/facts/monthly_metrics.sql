with

metrics_unpivoted as (

    select * from {{ ref('int_metrics_unpivoted') }}

),

employees as (

    select * from {{ ref('employees') }}

),

summed as (

    select
        metrics_unpivoted.employee_id,
        metrics_unpivoted.month_start,
        metrics_unpivoted.metric_id,
        cast(sum(metrics_unpivoted.numerator) as decimal(18, 6)) as numerator,
        cast(sum(metrics_unpivoted.denominator) as decimal(18, 6)) as denominator
    from metrics_unpivoted
    inner join employees on metrics_unpivoted.employee_id = employees.employee_id
    group by
        metrics_unpivoted.employee_id,
        metrics_unpivoted.month_start,
        metrics_unpivoted.metric_id

),

divided as (

    select
        employee_id,
        month_start,
        metric_id,
        numerator,
        denominator,
        cast(
            {{ divide('numerator', 'denominator', 6, scale=6) }}
            as decimal(18, 6)
        )
            as metric_value
    from summed

)

select * from divided
{{ of_the_periods_to_build() }}
