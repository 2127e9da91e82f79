{%- macro typed_column(name, data_type, is_required=false) -%}
    {%- if data_type == 'string' and is_required -%}
        {#- As it is, so that files without the wanted ids are passed over; '' is a problem. -#}
        cast({{ name }} as string)
    {%- elif data_type == 'string' -%}
        nullif(cast({{ name }} as string), '')
    {%- elif data_type == 'boolean' -%}
        try_cast(cast({{ name }} as string) as boolean)
    {%- elif data_type == 'integer' -%}
        {{- whole_number(name) -}}
    {%- elif data_type == 'decimal' -%}
        try_cast({{ name }} as decimal(18, 4))
    {%- elif data_type == 'date' -%}
        {#- A cast alone would drop the time of a timestamp and read 2025-1-5. -#}
        case when cast({{ name }} as string) like '____-__-__' then try_cast({{ name }} as date) end
    {%- elif data_type == 'timestamp' -%}
        {{- as_utc_timestamp(name) -}}
    {%- else -%}
        {{- exceptions.raise_compiler_error('The contract knows no data_type ' ~ data_type ~ ', as ' ~ name ~ ' has it.') -}}
    {%- endif -%}
{%- endmacro -%}

{%- macro whole_number(name) -%}
    {{- adapter.dispatch('whole_number', 'service_scorecards')(name) -}}
{%- endmacro -%}

{#- A cast alone would round 12.5. What is an integer by its type is known to be one. -#}
{%- macro default__whole_number(name) -%}
    case
        when typeof({{ name }}) in ('BIGINT', 'INTEGER', 'SMALLINT') then try_cast({{ name }} as bigint)
        when try_cast({{ name }} as bigint) = try_cast({{ name }} as double) then try_cast({{ name }} as bigint)
    end
{%- endmacro -%}

{#- A cast alone would not read 12.0. -#}
{%- macro spark__whole_number(name) -%}
    case
        when try_cast({{ name }} as decimal(38, 9)) = floor(try_cast({{ name }} as decimal(38, 9)))
            then try_cast(try_cast({{ name }} as decimal(38, 9)) as bigint)
    end
{%- endmacro -%}
