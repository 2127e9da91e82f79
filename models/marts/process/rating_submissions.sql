with

ratings as (

    select * from {{ ref('stg_appraisal__ratings') }}
    where {{ known_by_as_of('submitted_at') }}

),

time_zone_offsets as (

    select * from {{ ref('int_time_zone_offsets') }}

),

remedies as (

    select * from {{ ref('int_remedies_granted') }}
    where record_type = 'rating' and remedy = 'void'

),

steps as (

    select
        period_type,
        period_start,
        case responsible when 'employee' then 'self' else responsible end as relation,
        due_on
    from {{ ref('int_process_steps_dated') }}
    where evidence = 'ratings'

),

period_steps as (

    select * from {{ ref('int_period_steps') }}
    where step != 'objection'

),

deadlines as (

    select
        period_type,
        period_start,
        relation,
        max(due_on) as due_on
    from steps
    group by period_type, period_start, relation

),

-- Who has no step of their own, as peers, are due with the last of the others.
last_deadlines as (

    select
        period_type,
        period_start,
        max(due_on) as due_on
    from deadlines
    group by period_type, period_start

),

submitted as (

    select
        ratings.rating_id,
        ratings.ratee_id,
        ratings.rater_id,
        ratings.relation,
        ratings.period_type,
        ratings.period_start,
        ratings.criterion_id,
        ratings.submitted_at,
        cast(
            {{ add_seconds(
                'ratings.submitted_at', 'time_zone_offsets.offset_seconds'
            ) }} as date
        ) as submitted_on,
        remedies.record_id is not null as is_voided,
        row_number() over (
            partition by
                ratings.ratee_id,
                ratings.rater_id,
                ratings.relation,
                ratings.criterion_id,
                ratings.period_type,
                ratings.period_start,
                remedies.record_id is not null
            order by ratings.submitted_at desc, ratings.rating_id desc
        ) > 1 as is_earlier
    from ratings
    left join time_zone_offsets
        on
            ratings.submitted_at >= time_zone_offsets.valid_from_at
            and ratings.submitted_at < time_zone_offsets.valid_to_at
    left join remedies on ratings.rating_id = remedies.record_id

),

-- What the period was when the rating came.
stepped as (

    select
        submitted.rating_id,
        period_steps.step
    from submitted
    inner join period_steps
        on
            submitted.period_type = period_steps.period_type
            and submitted.period_start = period_steps.period_start
            and submitted.submitted_on > period_steps.stepped_on
    where coalesce(period_steps.employee_id = submitted.ratee_id, true)
    qualify
        row_number() over (
            partition by submitted.rating_id
            order by period_steps.stepped_on desc, period_steps.step_id desc
        ) = 1

),

judged as (

    select
        submitted.rating_id,
        submitted.ratee_id,
        submitted.rater_id,
        submitted.relation,
        submitted.period_type,
        submitted.period_start,
        submitted.criterion_id,
        submitted.submitted_at,
        submitted.submitted_on,
        coalesce(deadlines.due_on, last_deadlines.due_on) as due_on,
        coalesce(
            submitted.submitted_on > coalesce(deadlines.due_on, last_deadlines.due_on),
            false
        ) as is_late,
        coalesce(stepped.step = 'closed', false) as is_after_closing,
        submitted.is_earlier and not submitted.is_voided as is_superseded,
        submitted.is_voided
    from submitted
    left join deadlines
        on
            submitted.period_type = deadlines.period_type
            and submitted.period_start = deadlines.period_start
            and submitted.relation = deadlines.relation
    left join last_deadlines
        on
            submitted.period_type = last_deadlines.period_type
            and submitted.period_start = last_deadlines.period_start
    left join stepped on submitted.rating_id = stepped.rating_id

)

select * from judged
