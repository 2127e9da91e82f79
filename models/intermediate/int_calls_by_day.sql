-- depends_on: {{ ref('int_periods_to_build') }}
with

call_legs as (

    select * from {{ ref('int_call_legs_credited') }}
    {% if is_incremental() %}
    where {{ is_in_files_of_this_night('call_legs') }}
    {% endif %}

),

parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

judged as (

    select
        call_legs.*,
        call_legs.is_inbound and call_legs.is_answered as is_answered_inbound,
        call_legs.wait_seconds <= parameters.service_level_threshold_seconds
            as is_within_threshold
    from call_legs
    cross join parameters

),

summed as (

    select
        employee_id,
        ended_on as activity_date,
        cast(date_trunc('month', ended_on) as date) as month_start,
        count(*) as offered_legs,
        count(*) filter (where is_answered) as answered_legs,
        count(*) filter (where is_abandoned) as abandoned_legs,
        coalesce(sum(handle_seconds) filter (where is_answered), 0) as handle_seconds,
        count(*) filter (where is_answered_inbound) as answered_inbound_legs,
        coalesce(sum(wait_seconds) filter (where is_answered_inbound), 0)
            as answer_wait_seconds,
        count(*) filter (where is_answered_inbound and is_within_threshold)
            as service_level_answered_legs,
        count(*) filter (
            where is_answered_inbound
            or (is_inbound and is_abandoned and not is_within_threshold)
        ) as service_level_offered_legs
    from judged
    group by employee_id, ended_on

)

select * from summed
{{ of_the_periods_to_build() }}
