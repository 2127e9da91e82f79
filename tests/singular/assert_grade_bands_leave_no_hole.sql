with

grade_bands as (

    select * from {{ ref('grade_bands') }}

),

scorecards as (

    select * from {{ ref('scorecards') }}

),

-- Between two of these dates nothing changes.
dates as (

    select valid_from as valid_on from grade_bands
    union
    select valid_to as valid_on from grade_bands
    where valid_to is not null
    union
    select valid_from as valid_on from scorecards

),

held as (

    select
        dates.valid_on,
        grade_bands.grade_id,
        grade_bands.lower_bound,
        grade_bands.upper_bound,
        lag(grade_bands.upper_bound) over (
            partition by dates.valid_on order by grade_bands.lower_bound
        ) as previous_upper_bound,
        row_number() over (
            partition by dates.valid_on order by grade_bands.lower_bound
        ) as place,
        count(*) over (partition by dates.valid_on) as places
    from dates
    left join grade_bands
        on
            dates.valid_on >= grade_bands.valid_from
            and (
                grade_bands.valid_to is null
                or dates.valid_on < grade_bands.valid_to
            )

),

judged as (

    select
        *,
        case
            when grade_id is null then 'no band holds on this date'
            when upper_bound <= lower_bound then 'ends below its lower bound'
            when place = 1 and lower_bound != 0 then 'the lowest band starts off 0'
            when place > 1 and previous_upper_bound is null
                then 'overlaps the open band below'
            when previous_upper_bound < lower_bound then 'leaves a hole below'
            when previous_upper_bound > lower_bound then 'overlaps the band below'
            when place = places and upper_bound is not null
                then 'leaves the scores above without a grade'
        end as problem
    from held

),

-- A band that ends before it starts holds on no date.
reversed as (

    select
        valid_from as valid_on,
        grade_id,
        lower_bound,
        upper_bound,
        'ends before it starts' as problem
    from grade_bands
    where valid_to <= valid_from

)

select
    valid_on,
    grade_id,
    lower_bound,
    upper_bound,
    problem
from judged
where problem is not null
union all
select * from reversed
