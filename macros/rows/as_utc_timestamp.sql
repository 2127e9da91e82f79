{%- macro as_utc_timestamp(expression) -%}
    {{- adapter.dispatch('as_utc_timestamp', 'service_scorecards')(expression) -}}
{%- endmacro -%}

{%- macro default__as_utc_timestamp(expression) -%}
    make_timestamp(epoch_us(try_cast({{ expression }} as timestamptz)))
{%- endmacro -%}

{%- macro spark__as_utc_timestamp(expression) -%}
    cast(to_utc_timestamp(try_cast({{ expression }} as timestamp), current_timezone()) as timestamp_ntz)
{%- endmacro -%}
