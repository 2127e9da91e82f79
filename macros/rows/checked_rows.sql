{%- macro checked_rows(system, table_name) -%}
    {%- set rows_as_read = export_rows(system, table_name) -%}
    {%- if not execute -%} {{- return(rows_as_read) -}} {%- endif -%}

    {%- set table = contract_tables()[table_name] -%}
    {%- set columns = table.columns -%}
    {%- set names = columns | map(attribute='name') | list -%}
    {%- set key = table.config.meta.key -%}
    {%- set keys = key | join(', ') -%}
    {%- set version = ([table.config.meta.version] if table.config.meta.version else []) + ['loaded_on'] -%}
    {%- set versions = version | join(', ') -%}
    {%- set others = names | reject('in', key + version) | list -%}

    {%- set problems = [] -%}
    {%- for column in columns -%}
        {%- do problems.extend(column_problems(column, key)) -%}
    {%- endfor -%}
    {%- for rule in table.config.meta.rules or [] -%}
        {%- do problems.append([rule.reason, rule.when | trim]) -%}
    {%- endfor -%}

    {%- set inlined = not_materialized() -%}
with

{{ table_name }} as {{ inlined }}(
    {{ rows_as_read | indent(4) }}
),

typed as {{ inlined }}(
    select
        {%- for column in columns %}
        {{ typed_column(column.name, column.data_type) }} as {{ column.name }},
        {%- endfor %}
        {%- for column in columns if column.data_type != 'string' %}
        {{ column.name }} as {{ column.name }}_as_read,
        {%- endfor %}
        source_file,
        row_number,
        load_date,
        coalesce(load_date, date '1900-01-01') as loaded_on,
        row_text,
        read_error
    from {{ table_name }}
),

checked as {{ inlined }}(
    select
        *,
        case
            when read_error is not null then read_error
            {%- for reason, condition in problems %}
            when {{ condition }}
                then '{{ reason | replace("'", "''") }}'
            {%- endfor %}
        end as problem
    from typed
),

-- Few keys come more than once: only their versions are compared.
repeated_keys as (
    select {{ keys }}
    from typed
    group by {{ keys }}
    having count(*) > 1
),

versions as (
    select
        {{ keys }},
        {{ versions }},
        count(*) as row_count
    from checked
    semi join repeated_keys using ({{ keys }})
    where problem is null
    group by {{ keys }}, {{ versions }}
),

contested_versions as (
    select
        {{ keys }},
        {{ versions }}
    from versions
    where row_count > 1
),

contested as (
    select
        *,
        dense_rank() over (
            partition by {{ keys }}, {{ versions }}, problem is null
            order by
                {{ others | join(',\n                ') if others else 'problem' }}
        ) as content_number
    from checked
    semi join contested_versions using ({{ keys }}, {{ versions }})
),

numbered as (
    select
        *,
        max(content_number) over (
            partition by {{ keys }}, {{ versions }}, problem is null
        ) as content_count,
        row_number() over (
            partition by {{ keys }}, {{ versions }}, problem is null
            order by source_file, row_number
        ) as copy_number
    from contested
),

judged as (
    select
        *,
        1 as content_number,
        1 as content_count,
        1 as copy_number,
        problem as reason
    from checked
    anti join contested_versions using ({{ keys }}, {{ versions }})
    union all
    select
        *,
        case
            when problem is not null then problem
            when content_count > 1 then 'conflicts with another row of the same key'
            when copy_number > 1 then 'duplicate of another row'
        end as reason
    from numbered
),

conflicting_versions as (
    select
        {{ keys }},
        {{ versions }}
    from numbered
    where problem is null and content_count > 1
),

superseded_versions as (
    select
        {{ keys }},
        {{ versions }},
        true as is_superseded
    from versions
    anti join conflicting_versions using ({{ keys }}, {{ versions }})
    qualify row_number() over (
        partition by {{ keys }}
        order by {{ version | map('string') | join(' desc, ') }} desc
    ) > 1
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
            when reason is not null then 'rejected'
            when is_superseded then 'superseded'
            else 'staged'
        end as row_outcome,
        reason,
        case
            when reason is not null
                then nullif(
                    concat_ws(
                        '|'
                        {%- for column in columns if column.name in key -%}
                        , {{ column.name if column.data_type == 'string' else 'cast(' ~ column.name ~ '_as_read as string)' }}
                        {%- endfor -%}
                    ), ''
                )
        end as row_key,
        case
            when reason is not null
                then coalesce(
                    row_text,
                    concat_ws(
                        ', '
                        {%- for column in columns -%}
                        ,
                        '{{ column.name }}=' || {{ column.name if column.data_type == 'string' else 'cast(' ~ column.name ~ '_as_read as string)' }}
                        {%- endfor %}
                    )
                )
        end as row_text
    from judged
    left join superseded_versions using ({{ keys }}, {{ versions }})
)

select * from outcomes
{%- endmacro -%}
