{#- As computed now: what is closed was judged by the parameters of its day. -#}
with

monthly_scorecards as (

    select * from {{ ref('int_month_scorecards_computed') }}

),

annual_scorecards as (

    select * from {{ ref('int_year_scorecards_computed') }}

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
        coalesce(
            (judged.status = 'final' and judged.status_reason is null)
            or (
                judged.status = 'provisional'
                and judged.status_reason = 'windows_still_open'
            )
            or (
                judged.status = 'insufficient_data'
                and (
                    judged.status_reason like 'blocked_by_%'
                    or judged.status_reason in (
                        'weight_covered_below_minimum', 'no_scored_month'
                    )
                )
            )
            or (
                judged.status = 'not_eligible'
                and judged.status_reason in (
                    'eligible_days_below_minimum', 'left_before_year_end'
                )
            ),
            false
        ) as is_explained,
        judged.weight_covered >= parameters.minimum_weight_covered as is_covered
    from judged
    cross join parameters

)

select * from compared
where
    has_result != (score is not null)
    or (has_result and not is_covered)
    or not is_explained
