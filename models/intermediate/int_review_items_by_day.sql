with

review_items as (

    select * from {{ ref('int_review_items_scored') }}

),

sections as (

    select * from {{ ref('quality_sections') }}

),

counted as (

    select
        review_items.review_id,
        review_items.agent_id as employee_id,
        review_items.reviewed_on as activity_date,
        sections.metric_id,
        review_items.points,
        review_items.weight
    from review_items
    inner join sections on review_items.section = sections.section
    where
        review_items.status = 'final'
        and not review_items.is_calibration
        and review_items.is_applicable

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
