{% set scores = {
    'int_month_metrics_computed': 'metric_score',
    'int_month_dimensions_computed': 'dimension_score',
    'int_month_scorecards_computed': 'published_score',
} %}

with

scorecards as (

    select * from {{ ref('scorecards') }}

),

scored as (

    {% for table_name, score in scores.items() %}
    select
        '{{ table_name }}' as table_name,
        employee_id,
        month_start,
        scorecard_id,
        {{ score }} as score
    from {{ ref(table_name) }}
    where {{ score }} is not null
    {% if not loop.last %}union all{% endif %}

    {% endfor %}
)

select
    scored.table_name,
    scored.employee_id,
    scored.month_start,
    scored.scorecard_id,
    scored.score,
    scorecards.score_cap
from scored
inner join scorecards on scored.scorecard_id = scorecards.scorecard_id
where scored.score < 0 or scored.score > scorecards.score_cap
