with

curves as (

    select * from {{ ref('curves') }}

),

curve_points as (

    select * from {{ ref('curve_points') }}

),

followed as (

    select
        curve_points.curve_id,
        curves.shape,
        curve_points.value,
        curve_points.score,
        lag(curve_points.value) over (
            partition by curve_points.curve_id order by curve_points.value
        ) as previous_value,
        lead(curve_points.value) over (
            partition by curve_points.curve_id order by curve_points.value
        ) as next_value,
        lead(curve_points.score) over (
            partition by curve_points.curve_id order by curve_points.value
        ) as next_score
    from curve_points
    inner join curves on curve_points.curve_id = curves.curve_id

),

-- A segment holds from its low value up to, but not including, its high value; the
-- first and the last one are open and flat.
segments as (

    select
        curve_id,
        value as low_value,
        next_value as high_value,
        score as low_score,
        case when shape = 'linear' then coalesce(next_score, score) else score end
            as high_score
    from followed
    union all
    select
        curve_id,
        cast(null as decimal(18, 4)) as low_value,
        value as high_value,
        score as low_score,
        score as high_score
    from followed
    where previous_value is null

)

select * from segments
