{#-
    Creates the tables of the schema `raw` over a folder of Parquet files, as `make spark` writes
    it: one folder for each table; `load_date=` folders in it are partitions.
-#}
{% macro mount_raw_tables(folder, tables) %}
    {%- do run_query('create schema if not exists ' ~ var('raw_schema', 'raw')) -%}
    {%- for name, table in tables.items() -%}
        {%- set relation = var('raw_schema', 'raw') ~ '.' ~ name -%}
        {%- do run_query('drop table if exists ' ~ relation) -%}
        {%- set columns -%}
            {%- for column, data_type in table.columns.items() -%}
                {{ column }} {{ data_type }}{{ ', ' if not loop.last }}
            {%- endfor -%}
        {%- endset -%}
        {%- do run_query(
            'create table ' ~ relation ~ ' (' ~ columns ~ ') using parquet'
            ~ (' partitioned by (load_date)' if table.is_partitioned)
            ~ " location '" ~ folder ~ '/' ~ name ~ "'"
        ) -%}
        {%- if table.is_partitioned -%}
            {%- do run_query('msck repair table ' ~ relation) -%}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}
