-- depends_on: {{ ref('int_periods_to_build') }}
with

review_items as (

    select * from {{ ref('int_review_items_scored') }}

),

counted as (

    select
        review_id,
        agent_id as employee_id,
        reviewed_on as activity_date,
        metric_id,
        points,
        weight
    from review_items
    where status = 'final' and not is_calibration and is_applicable

),

summed as (

    select
        employee_id,
        activity_date,
        cast(date_trunc('month', activity_date) as date) as month_start,
        {% for metric_id in ['standards_adherence', 'communication', 'attitude'] %}
        coalesce(
            sum(points) filter (where metric_id = '{{ metric_id }}'), 0
        ) as {{ metric_id }}_points,
        coalesce(
            sum(weight) filter (where metric_id = '{{ metric_id }}'), 0
        ) as {{ metric_id }}_weight,
        {% endfor %}
        count(distinct review_id) as reviews
    from counted
    group by employee_id, activity_date

)

select * from summed
{{ of_the_periods_to_build() }}
