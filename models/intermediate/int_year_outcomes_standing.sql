{{ as_it_stands(
    'year', none, ref('int_year_outcomes_computed'), outcome_columns(),
    table='outcomes'
) }}
