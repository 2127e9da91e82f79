{% set columns = {'final_grade_id': 'string'} %}

{{ as_it_stands(
    'year', none, ref('int_year_grades_computed'), columns, table='outcomes'
) }}
