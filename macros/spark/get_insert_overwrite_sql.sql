{#-
    What DuckDB's strategy `replace_touched` does, as dbt-spark's `insert_overwrite`: periods are
    partitions, and one that gets no rows any more goes as well. A table of records is written
    anew from the rows that stay and those of tonight; only the latter are computed.
-#}
{% macro get_insert_overwrite_sql(source_relation, target_relation, existing_relation) %}
    {%- set columns = adapter.get_columns_in_relation(target_relation) | map(attribute='name') | join(', ') -%}
    {%- set period = period_column() -%}
    {%- if period -%}
        {%- set starts = starts_of_periods_to_build() -%}
        {%- if starts -%}
            {%- do run_query(
                'alter table ' ~ target_relation ~ ' drop if exists partition (' ~ period ~ ' = '
                ~ starts | join('), partition (' ~ period ~ ' = ') ~ ')'
            ) -%}
        {%- endif -%}
        {%- do run_query('set spark.sql.sources.partitionOverwriteMode = dynamic') -%}
insert overwrite table {{ target_relation }} partition ({{ period }})
select {{ columns }} from {{ source_relation }}
    {%- else -%}
        {%- do replace_table(target_relation, rows_after_a_night(source_relation, target_relation, columns)) -%}
select count(*) from {{ target_relation }}
    {%- endif -%}
{% endmacro %}

{#- The rows of no touched record, nor of a key that comes again; then those of tonight. -#}
{% macro rows_after_a_night(coming, present, columns) -%}
    {%- set record = (config.get('meta') or {}).record -%}
    {%- set unique_key = config.get('unique_key') -%}
    {%- if record or unique_key -%}
select {{ columns }}
from {{ present }}
        {%- if record %}
anti join {{ as_built('int_records_touched') }}
    on {{ record[0] }} = record_type and {{ record[1] }} = record_id
        {%- endif %}
        {%- if unique_key %}
anti join {{ coming }} using ({{ unique_key | join(', ') }})
        {%- endif %}
union all
    {%- endif %}
select {{ columns }}
from {{ coming }}
{%- endmacro %}
