{#- The settings without which Spark would answer otherwise than DuckDB, and say nothing. -#}
{%- macro spark_setting_problems() -%}
    {%- set wanted = {
        'spark.sql.session.timeZone': ['UTC', 'Etc/UTC'],
        'spark.sql.decimalOperations.allowPrecisionLoss': ['false'],
    } -%}
    {%- set problems = [] -%}
    {%- for setting, values in wanted.items() -%}
        {%- set found = run_query('set ' ~ setting).rows[0][1] -%}
        {%- if found not in values -%}
            {%- do problems.append(
                'Spark has ' ~ setting ~ ' ' ~ found ~ '; the scores need ' ~ values[0]
                ~ '. Set it as docs/spark.md says.'
            ) -%}
        {%- endif -%}
    {%- endfor -%}

    {{- return(problems) -}}
{%- endmacro -%}
