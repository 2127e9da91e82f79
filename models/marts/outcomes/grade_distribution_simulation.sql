with

year_scorecards as (

    select * from {{ ref('int_year_scorecards_standing') }}
    where status = 'final'

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

placed as (

    select
        year_scorecards.employee_id,
        year_scorecards.appraisal_year,
        make_date(year_scorecards.appraisal_year, 12, 31) as year_end,
        year_scorecards.role_id,
        year_scorecards.published_score,
        year_scorecards.grade_id as score_grade_id,
        grades.grade_place as score_place
    from year_scorecards
    inner join grades
        on
            year_scorecards.appraisal_year = grades.appraisal_year
            and year_scorecards.grade_id = grades.grade_id

),

assigned as (

    select
        placed.*,
        rules.unit_type,
        case rules.unit_type
            when 'role' then placed.role_id
            else rules.unit_type
        end as unit_id,
        rules.minimum_unit_size,
        rules.rounding,
        rules.tie_rule
    from placed
    inner join rules
        on
            placed.year_end >= rules.valid_from
            and coalesce(placed.year_end < rules.valid_to, true)

),

ranked as (

    select
        *,
        count(*) over (partition by appraisal_year, unit_id) as unit_size,
        count(*) over (partition by appraisal_year, unit_id, published_score) as tied,
        rank() over (
            partition by appraisal_year, unit_id order by published_score desc
        ) as score_rank
    from assigned

),

seated as (

    select
        ranked.employee_id,
        ranked.appraisal_year,
        ranked.score_rank,
        ranked.score_rank + ranked.tied - 1 as last_rank,
        ranked.tie_rule,
        grades.grade_place,
        case ranked.rounding
            when 'half_up' then round(ranked.unit_size * quotas.cumulative_share)
            else floor(ranked.unit_size * quotas.cumulative_share)
        end as seats
    from ranked
    inner join quotas
        on
            ranked.year_end >= quotas.valid_from
            and coalesce(ranked.year_end < quotas.valid_to, true)
    inner join grades
        on
            ranked.appraisal_year = grades.appraisal_year
            and quotas.grade_id = grades.grade_id
    where ranked.unit_size >= ranked.minimum_unit_size

),

-- Beyond the last quota the grade below it is the best.
allowed as (

    select
        employee_id,
        appraisal_year,
        coalesce(
            min(
                case
                    when
                        case tie_rule
                            when 'better' then score_rank
                            else last_rank
                        end <= seats
                        then grade_place
                end
            ),
            max(grade_place) + 1
        ) as allowed_place,
        min(case when score_rank <= seats and last_rank > seats then grade_place end)
            as tied_place
    from seated
    group by employee_id, appraisal_year

),

suggested as (

    select
        ranked.*,
        allowed.tied_place,
        greatest(
            ranked.score_place, coalesce(allowed.allowed_place, ranked.score_place)
        ) as suggested_place,
        allowed.employee_id is not null as is_simulated
    from ranked
    left join allowed
        on
            ranked.employee_id = allowed.employee_id
            and ranked.appraisal_year = allowed.appraisal_year

),

named as (

    select
        suggested.*,
        coalesce(grades.grade_id, suggested.score_grade_id) as suggested_grade_id,
        case
            when suggested.unit_size < suggested.minimum_unit_size
                then 'unit_below_minimum_size'
            when not suggested.is_simulated then 'no_quota'
            when suggested.suggested_place > suggested.score_place
                then
                    case
                        when suggested.tied_place < suggested.suggested_place
                            then 'tied_and_moved'
                        else 'over_quota'
                    end
            when suggested.tied_place >= suggested.suggested_place
                then 'tied_and_kept'
            else 'within_quota'
        end as reason
    from suggested
    left join grades
        on
            suggested.appraisal_year = grades.appraisal_year
            and suggested.suggested_place = grades.grade_place

)

select
    employee_id,
    appraisal_year,
    unit_type,
    unit_id,
    unit_size,
    cast(score_rank as bigint) as score_rank,
    score_grade_id,
    suggested_grade_id,
    suggested_grade_id != score_grade_id as would_move,
    reason
from named
