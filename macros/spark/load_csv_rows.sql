{#-
    Seeds, cell by cell as the text of the file: dbt-spark hands over numbers as floats, the
    word None for an empty cell, and text with its quotes as they are.
-#}
{% macro spark__load_csv_rows(model, agate_table) %}
    {%- set types = model.config.column_types -%}
    {%- set statements = [] -%}
    {%- for rows in agate_table.rows | batch(get_batch_size()) -%}
        {%- set sql -%}
insert into {{ this }} values
            {%- for row in rows %}
({% for cell in row -%}
    {%- set data_type = types.get(agate_table.column_names[loop.index0])
        or adapter.convert_type(agate_table, loop.index0) -%}
    cast({{ 'null' if cell is none else "'" ~ cell | string | replace('\\', '\\\\') | replace("'", "\\'") ~ "'" }} as {{ data_type }})
    {{- ', ' if not loop.last }}
{%- endfor %}){{ ',' if not loop.last }}
            {%- endfor -%}
        {%- endset -%}
        {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
        {%- do statements.append(sql) -%}
    {%- endfor -%}

    {{- return(statements[0]) -}}
{% endmacro %}
