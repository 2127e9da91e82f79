with

year_grades as (

    select * from {{ ref('int_year_grades_computed') }}

),

grades_standing as (

    select * from {{ ref('int_year_grades_standing') }}

),

grades as (

    select * from {{ ref('int_grades_ranked') }}

),

parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

-- What came before this year, as it was told to the person.
earlier as (

    select
        year_grades.employee_id,
        year_grades.appraisal_year,
        count(*) as years,
        count(*) filter (where grades.counts_for_promotion) as years_that_count
    from year_grades
    cross join parameters
    inner join grades_standing
        on
            year_grades.employee_id = grades_standing.employee_id
            and year_grades.appraisal_year > grades_standing.appraisal_year
            and year_grades.appraisal_year
            < grades_standing.appraisal_year + parameters.promotion_years
    inner join grades
        on
            grades_standing.appraisal_year = grades.appraisal_year
            and grades_standing.final_grade_id = grades.grade_id
    group by year_grades.employee_id, year_grades.appraisal_year

),

judged as (

    select
        year_grades.*,
        grades.bonus_coefficient,
        coalesce(grades.needs_improvement_plan, false) as has_improvement_plan,
        case
            when year_grades.final_grade_id is null then 'no_final_grade'
            when not grades.counts_for_promotion then 'grade_too_low'
            when coalesce(earlier.years, 0) < parameters.promotion_years - 1
                then 'too_few_years_on_record'
            when coalesce(earlier.years_that_count, 0) < parameters.promotion_years - 1
                then 'earlier_grade_too_low'
        end as promotion_reason
    from year_grades
    cross join parameters
    left join grades
        on
            year_grades.appraisal_year = grades.appraisal_year
            and year_grades.final_grade_id = grades.grade_id
    left join earlier
        on
            year_grades.employee_id = earlier.employee_id
            and year_grades.appraisal_year = earlier.appraisal_year

),

shaped as (

    select
        *,
        'year' as period_type,
        make_date(appraisal_year, 1, 1) as period_start,
        promotion_reason is null as is_eligible_for_promotion
    from judged

)

select
    employee_id,
    appraisal_year,
    period_type,
    period_start,
    {% for column, data_type in outcome_columns().items() %}
    cast({{ column }} as {{ data_type }}) as {{ column }},
    {% endfor %}
    {{ row_digest(
        dict(period_type='string', period_start='date', employee_id='string',
        **outcome_columns())
    ) }} as row_hash
from shaped
