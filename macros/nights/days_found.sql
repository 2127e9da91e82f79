{#- The days of the streamed exports, each with a fingerprint of the files that hold it. -#}
{% macro days_found(files) %}
    {{- return(adapter.dispatch('days_found', 'service_scorecards')(files)) -}}
{% endmacro %}

{% macro default__days_found(files) -%}
select
    case when folder like 'load_date=%' then parent else folder end as table_name,
    case when folder like 'load_date=%' then substr(folder, 11) else '' end as load_date,
    md5(string_agg(path || ' ' || size || ' ' || last_modified, ', ' order by path))
        as fingerprint
from (
    {%- if files %}
    select
        filename as path,
        size,
        last_modified,
        string_split(filename, '/')[-2] as folder,
        string_split(filename, '/')[-3] as parent
    from read_blob([{{ files | join(', ') }}])
    {%- else %}
    select
        '' as path,
        0 as size,
        cast(null as timestamp) as last_modified,
        '' as folder,
        '' as parent
    where false
    {%- endif %}
)
group by 1, 2
{%- endmacro %}

{#- The raw tables are partitioned by day: what Spark knows of their files, without reading them. -#}
{% macro spark__days_found(files) -%}
    {%- for name in streamed_exports() if is_streamed(name) %}
select
    '{{ name }}' as table_name,
    coalesce(cast(load_date as string), '') as load_date,
    md5(array_join(sort_array(collect_set(concat_ws(
        ' ', _metadata.file_path, _metadata.file_size, _metadata.file_modification_time
    ))), ', ')) as fingerprint
from {{ contract_tables()[name].relation_name }}
group by load_date
{{ 'union all' if not loop.last }}
    {%- else %}
select
    '' as table_name,
    '' as load_date,
    '' as fingerprint
where false
    {%- endfor %}
{%- endmacro %}
