-- depends_on: {{ ref('int_periods_to_build') }}
with

tickets as (

    select * from {{ ref('int_tickets_credited') }}
    {% if is_incremental() %}
    where
        {{ is_on_days_of_this_night('first_reply_on') }}
        or {{ is_on_days_of_this_night('last_solved_on') }}
    {% endif %}

),

replied as (

    select
        first_replied_by as employee_id,
        first_reply_on as activity_date,
        first_reply_business_seconds,
        1 as replied_tickets,
        0 as solved_tickets,
        0 as reopened_tickets,
        0 as complaints_solved,
        0 as complaints_handled_well
    from tickets
    where
        first_replied_by is not null
        and first_reply_business_seconds is not null

),

solved as (

    select
        last_solved_by as employee_id,
        last_solved_on as activity_date,
        0 as first_reply_business_seconds,
        0 as replied_tickets,
        1 as solved_tickets,
        case when first_reopened_at is not null then 1 else 0 end as reopened_tickets,
        case when is_timed_complaint then 1 else 0 end as complaints_solved,
        case when is_timed_complaint and is_handled_well then 1 else 0 end
            as complaints_handled_well
    from tickets
    where last_solved_by is not null

),

united as (

    select * from replied
    union all
    select * from solved

),

summed as (

    select
        employee_id,
        activity_date,
        cast(date_trunc('month', activity_date) as date) as month_start,
        sum(replied_tickets) as replied_tickets,
        sum(first_reply_business_seconds) as first_reply_business_seconds,
        sum(solved_tickets) as solved_tickets,
        sum(reopened_tickets) as reopened_tickets,
        sum(complaints_solved) as complaints_solved,
        sum(complaints_handled_well) as complaints_handled_well
    from united
    group by employee_id, activity_date

)

select * from summed
{{ of_the_periods_to_build() }}
