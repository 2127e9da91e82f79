{% set levels = {
    'monthly_metric_scores': 'metric_score',
    'monthly_dimension_scores': 'dimension_score',
} %}

with

weighted as (

    {% for table_name, score in levels.items() %}
    select
        '{{ table_name }}' as table_name,
        employee_id,
        month_start,
        scorecard_id,
        effective_weight,
        {{ score }} as score
    from {{ ref(table_name) }}
    {% if not loop.last %}union all{% endif %}

    {% endfor %}
),

summed as (

    select
        table_name,
        employee_id,
        month_start,
        scorecard_id,
        sum(effective_weight) as effective_weights,
        count(effective_weight) as weights,
        count(score) as scores
    from weighted
    group by table_name, employee_id, month_start, scorecard_id

)

-- Each weight is rounded to 6 places, and so off by half a millionth at most.
select * from summed
where
    weights != scores
    or abs(effective_weights - 1) > 0.0000005 * weights
