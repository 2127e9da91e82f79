with

curves as (

    select * from {{ ref('curves') }}

),

curve_points as (

    select * from {{ ref('curve_points') }}

),

followed as (

    select
        curves.curve_id,
        curves.direction,
        curve_points.value,
        curve_points.score,
        lag(curve_points.score) over (
            partition by curves.curve_id order by curve_points.value
        ) as previous_score,
        count(curve_points.value) over (partition by curves.curve_id) as points,
        max(curve_points.score) over (partition by curves.curve_id) as highest_score
    from curves
    left join curve_points on curves.curve_id = curve_points.curve_id

),

turned as (

    select
        *,
        max(case when score < previous_score then 1 else 0 end) over (
            partition by curve_id
            order by value
            rows between unbounded preceding and current row
        ) = 1 as has_fallen
    from followed

),

judged as (

    select
        curve_id,
        direction,
        value,
        previous_score,
        score,
        case
            when points < 2 then 'has fewer than two points'
            when highest_score <= 0 then 'pays nothing at any value'
            when direction = 'up' and score < previous_score then 'falls'
            when direction = 'down' and score > previous_score then 'rises'
            when direction = 'zone' and score > previous_score and has_fallen
                then 'rises again after it fell'
        end as problem
    from turned

)

select * from judged
where problem is not null
