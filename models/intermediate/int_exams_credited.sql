with

exams as (

    select * from {{ ref('stg_learning__exams') }}
    where {{ known_by_as_of('taken_at') }}

),

time_zone_offsets as (

    select * from {{ ref('int_time_zone_offsets') }}

),

dated as (

    select
        exams.exam_id,
        exams.employee_id,
        exams.subject,
        exams.attempt,
        exams.score,
        exams.max_score,
        exams.pass_share,
        cast(
            {{ add_seconds('exams.taken_at', 'time_zone_offsets.offset_seconds') }}
            as date
        ) as taken_on
    from exams
    left join time_zone_offsets
        on
            exams.taken_at >= time_zone_offsets.valid_from_at
            and exams.taken_at < time_zone_offsets.valid_to_at
    where not coalesce(exams.is_excused, false)

),

-- A missed exam earns 0; an attempt counts until the month of the next one.
credited as (

    select
        exam_id,
        employee_id,
        subject,
        attempt,
        taken_on,
        cast(date_trunc('month', taken_on) as date) as month_start,
        lead(cast(date_trunc('month', taken_on) as date)) over (
            partition by employee_id, exam_id, subject order by attempt
        ) as superseded_month,
        case
            when score is null then 0
            else {{ divide('score', 'max_score', 6, scale=4) }}
        end as points,
        attempt = 1 and score is not null as is_first_sitting,
        score >= pass_share * max_score as is_passed
    from dated

)

select * from credited
