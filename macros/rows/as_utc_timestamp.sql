{%- macro as_utc_timestamp(expression) -%}
    {{- adapter.dispatch('as_utc_timestamp', 'service_scorecards')(expression) -}}
{%- endmacro -%}

{%- macro default__as_utc_timestamp(expression) -%}
    make_timestamp(epoch_us(try_cast({{ expression }} as timestamptz)))
{%- endmacro -%}

{#-
    The session is in UTC. An instant says by its type, or by an offset in the text, that it
    is one; everything else is a time of the source time zone. A cast alone would read 2025,
    or the time of a day, as an instant, too.
-#}
{%- macro spark__as_utc_timestamp(expression) -%}
    {%- set text = 'trim(cast(' ~ expression ~ ' as string))' -%}
    case
        when
            typeof({{ expression }}) = 'timestamp'
            or {{ text }} rlike '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ].*(Z|[+-][0-9]{2}(:?[0-9]{2})?)$'
            then try_cast({{ expression }} as timestamp)
        when {{ text }} rlike '^[0-9]{4}-[0-9]{2}-[0-9]{2}'
            then to_utc_timestamp(try_cast({{ expression }} as timestamp), '{{ source_time_zone() }}')
    end
{%- endmacro -%}
