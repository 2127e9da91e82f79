{#- A record with a word that the plan does not know would fall out of a join. -#}
{% set references = [
    ('stg_hr__positions', 'employee_id', 'stg_hr__employees', 'employee_id'),
    ('stg_hr__positions', 'supervisor_id', 'stg_hr__employees', 'employee_id'),
    ('stg_hr__positions', 'role_id', 'roles', 'role_id'),
    ('stg_quality__quality_review_items', 'section', 'quality_sections', 'section'),
    ('stg_appraisal__goals', 'metric_id', 'metrics', 'metric_id'),
    ('stg_appraisal__grade_decisions', 'grade_id', 'grade_bands', 'grade_id'),
    ('stg_learning__coaching_sessions', 'metric_id', 'metrics', 'metric_id'),
] %}

with

metrics as (

    select metric_id from {{ ref('metrics') }}

),

dimensions as (

    select dimension_id from {{ ref('dimensions') }}

),

ratings as (

    select * from {{ ref('stg_appraisal__ratings') }}

),

unknown as (

    {% for table_name, column, plan, field in references %}
    select
        '{{ table_name }}' as table_name,
        '{{ column }}' as column_name,
        {{ table_name }}.{{ column }} as unknown_value,
        count(*) as row_count
    from {{ ref(table_name) }} as {{ table_name }}
    left join {{ ref(plan) }} as {{ plan }}
        on {{ table_name }}.{{ column }} = {{ plan }}.{{ field }}
    where {{ table_name }}.{{ column }} is not null and {{ plan }}.{{ field }} is null
    group by {{ table_name }}.{{ column }}
    union all
    {% endfor %}
    select
        'stg_appraisal__ratings' as table_name,
        'criterion_id' as column_name,
        ratings.criterion_id as unknown_value,
        count(*) as row_count
    from ratings
    left join metrics on ratings.criterion_id = metrics.metric_id
    left join dimensions on ratings.criterion_id = dimensions.dimension_id
    where
        (ratings.period_type = 'month' and metrics.metric_id is null)
        or (ratings.period_type = 'year' and dimensions.dimension_id is null)
    group by ratings.criterion_id

)

select * from unknown
