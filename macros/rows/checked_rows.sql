{%- macro checked_rows(system, table_name) -%}
    {%- set rows_as_read = export_rows(system, table_name) -%}
    {%- if not execute -%} {{- return(rows_as_read) -}} {%- endif -%}

    {%- set table = contract_tables()[table_name] -%}
    {%- set columns = table.columns.values() | list -%}
    {%- set names = columns | map(attribute='name') | list -%}
    {%- set key = table.config.meta.key -%}
    {%- set keys = key | join(', ') -%}
    {%- set versions = ([table.config.meta.version] if table.config.meta.version else []) + ['load_date'] -%}
    {%- set others = names | reject('in', key + versions) | list -%}

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

-- Few keys come more than once: only their rows are compared with each other.
repeated_keys as (
    select {{ keys }}
    from typed
    group by {{ keys }}
    having count(*) > 1
),

alone as (
    select
        *,
        1 as content_number,
        1 as copy_number,
        problem as reason,
        1 as version_number
    from checked
    anti join repeated_keys using ({{ keys }})
),

numbered as (
    select
        *,
        dense_rank() over (
            partition by problem is null, {{ (key + versions) | join(', ') }}
            order by {{ others | join(', ') if others else 'problem' }}
        ) as content_number,
        row_number() over (
            partition by problem is null, {{ names | join(', ') }}, load_date
            order by source_file, row_number
        ) as copy_number
    from checked
    semi join repeated_keys using ({{ keys }})
),

compared as (
    select
        *,
        case
            when problem is not null
                then problem
            when
                max(content_number) over (
                    partition by problem is null, {{ (key + versions) | join(', ') }}
                ) > 1
                then 'conflicts with another row of the same key'
            when copy_number > 1
                then 'duplicate of another row'
        end as reason
    from numbered
),

versioned as (
    select
        *,
        row_number() over (
            partition by reason is null, {{ keys }}
            order by {% for version in versions %}{{ version }} desc nulls last{{ ', ' if not loop.last }}{% endfor %}
        ) as version_number
    from compared
),

judged as (
    select * from alone
    union all
    select * from versioned
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
            when version_number = 1 then 'staged'
            else 'superseded'
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
)

select * from outcomes
{%- endmacro -%}
