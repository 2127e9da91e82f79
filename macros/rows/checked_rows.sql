{%- macro checked_rows(system, table_name) -%}
    {%- set rows_as_read = export_rows(system, table_name) -%}
    {%- if not execute -%} {{- return(rows_as_read) -}} {%- endif -%}

    {%- set table = contract_tables()[table_name] -%}
    {%- set names = table.columns | map(attribute='name') | list -%}
    {%- set key = table.config.meta.key -%}
    {%- set version = ([table.config.meta.version] if table.config.meta.version else []) + ['loaded_on'] -%}
    {%- set others = names | reject('in', key + version) | list -%}
    {#- Read in place, an export is not copied: only the rows that are set aside are kept. -#}
    {%- set is_streamed = is_streamed(table_name) -%}
    {%- set is_in_versions = is_streamed and streamed_exports()[table_name] == 'in_versions' -%}
    {%- set compared = (key + version if is_in_versions else key) | join(', ') -%}
    {%- set version_of_key = (key + version) | join(', ') -%}
    {#- What is small is read once, and held. -#}
    {%- set inlined = not_materialized() if is_streamed else '' -%}
with

{{ table_name }} as {{ inlined }}(
    {{ rows_as_read | indent(4) }}
),

typed as {{ inlined }}(
    {{ typed_rows(table, table_name) | indent(4) }}
),

{% if is_streamed and is_incremental() -%}
arrived_keys as (
    select distinct {{ compared }}
    from typed
    where {{ has_arrived(table_name) }}
),

{% endif -%}
-- Few keys come more than once: only their rows are compared.
repeated_keys as (
    select {{ compared }}
    from typed
    {%- if is_streamed and is_incremental() and is_in_versions %}
    where {{ has_arrived(table_name) }}
    {%- elif is_streamed and is_incremental() %}
    semi join arrived_keys using ({{ compared }})
    {%- endif %}
    group by {{ compared }}
    having count(*) > 1
),

checked as {{ inlined }}(
    select
        *,
        {{ problem_of(table) | indent(8) }} as problem
    from typed
    {%- if is_streamed and is_incremental() %}
    where {{ has_arrived(table_name) }}
    {%- endif %}
),

repeated_rows as (
    select
        *,
        {{ problem_of(table) | indent(8) }} as problem
    from typed
    semi join repeated_keys using ({{ compared }})
),

numbered as (
    select
        *,
        dense_rank() over (
            partition by {{ version_of_key }}
            order by
                {{ others | join(',\n                ') if others else 'row_number' }}
        ) as content_number,
        row_number() over (
            partition by {{ version_of_key }} order by source_file, row_number
        ) as copy_number
    from repeated_rows
    where problem is null
),

contested as (
    select
        *,
        max(content_number) over (partition by {{ version_of_key }}) as content_count
    from numbered
),

repeated as (
    select
        *,
        case
            when content_count > 1 then 'conflicts with another row of the same key'
            when copy_number > 1 then 'duplicate of another row'
        end as row_reason
    from contested
),

ordered as (
    select
        *,
        row_number() over (
            partition by {{ compared }}, row_reason is null
            order by {{ version | join(' desc, ') }} desc
        ) as newness
    from repeated
),

judged as (
    select
        {%- for name in names %}
        {{ name }},
        {%- endfor %}
        {%- for column in table.columns if column.data_type != 'string' %}
        {{ column.name }}_as_read,
        {%- endfor %}
        source_file,
        row_number,
        load_date,
        row_text,
        problem as row_reason,
        1 as newness
    from checked
    where problem is not null
    union all
    select
        {%- for name in names %}
        {{ name }},
        {%- endfor %}
        {%- for column in table.columns if column.data_type != 'string' %}
        {{ column.name }}_as_read,
        {%- endfor %}
        source_file,
        row_number,
        load_date,
        row_text,
        row_reason,
        newness
    from ordered
    {%- if not is_streamed %}
    union all
    select
        {%- for name in names %}
        {{ name }},
        {%- endfor %}
        {%- for column in table.columns if column.data_type != 'string' %}
        {{ column.name }}_as_read,
        {%- endfor %}
        source_file,
        row_number,
        load_date,
        row_text,
        problem as row_reason,
        1 as newness
    from checked
    anti join repeated_keys using ({{ compared }})
    where problem is null
    {%- endif %}
),

-- The text of a row is kept only where it is needed: to look at what was rejected.
outcomes as (
    select
        {%- for name in names %}
        {{ name }},
        {%- endfor %}
        source_file,
        row_number,
        load_date,
        case
            when row_reason is not null then 'rejected'
            when newness > 1 then 'superseded'
            else 'staged'
        end as row_outcome,
        row_reason,
        case
            when row_reason is not null
                then nullif(
                    concat_ws(
                        '|'
                        {%- for column in table.columns if column.name in key -%}
                        , {{ column.name if column.data_type == 'string' else 'cast(' ~ column.name ~ '_as_read as string)' }}
                        {%- endfor -%}
                    ), ''
                )
        end as row_key,
        case
            when row_reason is not null
                then coalesce(
                    row_text,
                    concat_ws(
                        ', '
                        {%- for column in table.columns -%}
                        ,
                        '{{ column.name }}=' || {{ column.name if column.data_type == 'string' else 'cast(' ~ column.name ~ '_as_read as string)' }}
                        {%- endfor %}
                    )
                )
        end as row_text
    from judged
)

select * from outcomes
{%- if is_streamed %}
where row_outcome != 'staged'
{%- endif %}
{%- endmacro -%}
