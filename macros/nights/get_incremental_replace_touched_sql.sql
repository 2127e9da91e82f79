{#-
    The incremental strategy of what nights add to (on Spark, insert_overwrite). What is built
    again is emptied first, so that what is no longer so is gone as well: the months or years that
    `periods` names, or the touched records whose type and id `record` names.
-#}
{% macro get_incremental_replace_touched_sql(arguments) %}
    {%- set columns = arguments.dest_columns | map(attribute='name') | join(', ') -%}
    {%- set record = config.get('meta').record -%}
delete from {{ arguments.target_relation }}
where
    {%- if record %}
    ({{ record | join(', ') }}) in (
        select (record_type, record_id) from {{ as_built('int_records_touched') }}
    )
    {%- else %}
    {{ is_in_periods_to_build() }}
    {%- endif %};
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
