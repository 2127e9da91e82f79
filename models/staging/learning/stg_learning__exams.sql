with

base_learning__exams as (
    select * from {{ ref('base_learning__exams') }}
),

staged as (
    select
        exam_id,
        employee_id,
        subject,
        attempt,

        score,
        max_score,
        pass_share,

        is_excused,

        taken_at,
        load_date
    from base_learning__exams
    where row_outcome = 'staged'
)

select * from staged
