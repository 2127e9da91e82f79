with

simulation as (

    select * from {{ ref('grade_distribution_simulation') }}

),

grades as (

    select * from {{ ref('int_grades_ranked') }}

),

rules as (

    select * from {{ ref('distribution_rules') }}

),

quotas as (

    select * from {{ ref('distribution_quotas') }}

),

units as (

    select distinct
        appraisal_year,
        make_date(appraisal_year, 12, 31) as year_end,
        unit_type,
        unit_id,
        unit_size
    from simulation

),

people_counted as (

    select
        appraisal_year,
        unit_id,
        score_grade_id as grade_id,
        count(*) as people
    from simulation
    group by appraisal_year, unit_id, score_grade_id

),

suggested_counted as (

    select
        appraisal_year,
        unit_id,
        suggested_grade_id as grade_id,
        count(*) as suggested_people
    from simulation
    group by appraisal_year, unit_id, suggested_grade_id

),

-- Every grade of the unit, whether or not anybody has it.
graded as (

    select
        units.*,
        grades.grade_id,
        grades.grade_place,
        units.unit_size < rules.minimum_unit_size as is_below_minimum_size,
        rules.rounding,
        quotas.cumulative_share as quota_share,
        coalesce(people_counted.people, 0) as people,
        coalesce(suggested_counted.suggested_people, 0) as suggested_people
    from units
    inner join grades on units.appraisal_year = grades.appraisal_year
    inner join rules
        on
            units.unit_type = rules.unit_type
            and units.year_end >= rules.valid_from
            and coalesce(units.year_end < rules.valid_to, true)
    left join quotas
        on
            grades.grade_id = quotas.grade_id
            and units.year_end >= quotas.valid_from
            and coalesce(units.year_end < quotas.valid_to, true)
    left join people_counted
        on
            units.appraisal_year = people_counted.appraisal_year
            and units.unit_id = people_counted.unit_id
            and grades.grade_id = people_counted.grade_id
    left join suggested_counted
        on
            units.appraisal_year = suggested_counted.appraisal_year
            and units.unit_id = suggested_counted.unit_id
            and grades.grade_id = suggested_counted.grade_id

),

cumulated as (

    select
        *,
        sum(people) over (
            partition by appraisal_year, unit_id order by grade_place
        ) as cumulative_people,
        case
            when is_below_minimum_size then null
            when rounding = 'half_up' then round(unit_size * quota_share)
            else floor(unit_size * quota_share)
        end as quota_people
    from graded

)

select
    appraisal_year,
    unit_type,
    unit_id,
    grade_id,
    unit_size,
    is_below_minimum_size,
    people,
    cast({{ divide('people', 'unit_size', 6, scale=6) }} as decimal(9, 6))
        as people_share,
    cast(cumulative_people as bigint) as cumulative_people,
    cast({{ divide('cumulative_people', 'unit_size', 6, scale=6) }} as decimal(9, 6))
        as cumulative_share,
    cast(quota_share as decimal(9, 6)) as quota_share,
    cast(quota_people as bigint) as quota_people,
    case
        when quota_people is not null
            then cast(greatest(cumulative_people - quota_people, 0) as bigint)
    end as excess_people,
    suggested_people
from cumulated
