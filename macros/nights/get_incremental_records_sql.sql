{#-
    The incremental strategy of models with a row for each record: what the touched records
    were is replaced by what they are. `record` names the model's type and id of a record.
-#}
{% macro get_incremental_records_sql(arguments) %}
    {%- set columns = arguments.dest_columns | map(attribute='name') | join(', ') -%}
    {%- set record = config.get('meta').record -%}
delete from {{ arguments.target_relation }}
where
    ({{ record | join(', ') }}) in (
        select (record_type, record_id) from {{ as_built('int_records_touched') }}
    );
    {%- if arguments.unique_key %}
delete from {{ arguments.target_relation }}
where
    ({{ arguments.unique_key | join(', ') }}) in (
        select ({{ arguments.unique_key | join(', ') }}) from {{ arguments.temp_relation }}
    );
    {%- endif %}
insert into {{ arguments.target_relation }} ({{ columns }})
select {{ columns }} from {{ arguments.temp_relation }}
{% endmacro %}
