-- depends_on: {{ ref('int_periods_to_build') }}
with

surveys as (

    select * from {{ ref('int_surveys_credited') }}
    {% if is_incremental() %}
    where {{ is_on_days_of_this_night('responded_on') }}
    {% endif %}

),

summed as (

    select
        employee_id,
        responded_on as activity_date,
        cast(date_trunc('month', responded_on) as date) as month_start,
        count(*) filter (where survey_type = 'csat') as csat_responses,
        count(*) filter (where survey_type = 'csat' and is_top_box)
            as csat_top_responses,
        count(*) filter (where survey_type = 'nps') as nps_responses,
        count(*) filter (where survey_type = 'nps' and score >= 9) as nps_promoters,
        count(*) filter (where survey_type = 'nps' and score <= 6) as nps_detractors,
        count(*) filter (where survey_type = 'ces') as ces_responses,
        coalesce(sum(score) filter (where survey_type = 'ces'), 0) as ces_points
    from surveys
    group by employee_id, responded_on

)

select * from summed
{{ of_the_periods_to_build() }}
