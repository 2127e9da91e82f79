{% set grains = {
    'monthly_metrics': 'month_start',
    'monthly_metric_scores': 'month_start',
    'annual_metric_scores': 'appraisal_year',
} %}

with

metrics as (

    select * from {{ ref('metrics') }}

),

measured as (

    {% for table_name, period in grains.items() %}
    select
        '{{ table_name }}' as table_name,
        employee_id,
        cast({{ period }} as string) as period,
        metric_id,
        numerator,
        denominator,
        metric_value
    from {{ ref(table_name) }}
    {% if not loop.last %}union all{% endif %}

    {% endfor %}
)

select
    measured.table_name,
    measured.employee_id,
    measured.period,
    measured.metric_id,
    measured.numerator,
    measured.denominator,
    measured.metric_value,
    metrics.minimum_value,
    metrics.maximum_value
from measured
inner join metrics on measured.metric_id = metrics.metric_id
where
    measured.metric_value < metrics.minimum_value
    or measured.metric_value > metrics.maximum_value
    or measured.denominator < 0
    or (measured.numerator < 0 and metrics.minimum_value >= 0)
    or (measured.denominator > 0) != (measured.metric_value is not null)
