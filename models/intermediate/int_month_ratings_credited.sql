with

ratings as (

    select * from {{ ref('int_ratings_remedied') }}

),

-- A person's own word is no evidence; of a rater's several ratings, the last one is.
credited as (

    select
        rating_id,
        ratee_id as employee_id,
        criterion_id as metric_id,
        period_start as month_start,
        cast(
            {{ divide('score', 'scale_max', 6, scale=4) }}
            as decimal(18, 6)
        ) as points
    from ratings
    where period_type = 'month' and relation in ('supervisor', 'peer', 'head')
    qualify
        row_number() over (
            partition by ratee_id, rater_id, relation, criterion_id, period_start
            order by submitted_at desc, rating_id desc
        ) = 1

)

select * from credited
