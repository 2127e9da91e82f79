{#- The reasons that belong to each status: `like` patterns, empty for no reason. -#}
{% set reasons = {
    'final': [],
    'provisional': ['windows_still_open'],
    'insufficient_data': [
        'blocked_by_%', 'weight_covered_below_minimum', 'no_scored_month'
    ],
    'not_eligible': ['eligible_days_below_minimum', 'left_before_year_end'],
} %}

with

monthly_scorecards as (

    select * from {{ ref('monthly_scorecards') }}

),

annual_scorecards as (

    select * from {{ ref('annual_scorecards') }}

),

parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

judged as (

    select
        'monthly_scorecards' as table_name,
        employee_id,
        cast(month_start as string) as period,
        scorecard_id,
        status,
        status_reason,
        weight_covered,
        monthly_score as score
    from monthly_scorecards
    union all
    select
        'annual_scorecards' as table_name,
        employee_id,
        cast(appraisal_year as string) as period,
        cast(null as string) as scorecard_id,
        status,
        status_reason,
        weight_covered,
        annual_score as score
    from annual_scorecards

),

compared as (

    select
        judged.*,
        coalesce(judged.status in ('final', 'provisional'), false) as has_result,
        case judged.status
            {% for status, patterns in reasons.items() %}
            when '{{ status }}'
                then
                    {% for pattern in patterns %}
                    {{ 'or ' if not loop.first }}judged.status_reason like '{{ pattern }}'
                    {% else %}
                    judged.status_reason is null
                    {% endfor %}
            {% endfor %}
        end as is_explained,
        judged.weight_covered >= parameters.minimum_weight_covered as is_covered
    from judged
    cross join parameters

)

select * from compared
where
    has_result != (score is not null)
    or (has_result and not is_covered)
    or not coalesce(is_explained, false)
