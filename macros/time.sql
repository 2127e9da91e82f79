{#- Every day from the first to the last, both included, as column `calendar_date`. -#}
{% macro days_from_to(first_day, last_day) %}
    {{- return(adapter.dispatch('days_from_to', 'service_scorecards')(first_day, last_day)) -}}
{% endmacro %}

{% macro default__days_from_to(first_day, last_day) -%}
    cast(unnest(generate_series({{ first_day }}, {{ last_day }}, interval 1 day)) as date)
{%- endmacro %}

{% macro spark__days_from_to(first_day, last_day) -%}
    explode(sequence({{ first_day }}, {{ last_day }}, interval 1 day))
{%- endmacro %}

{#- Every hour from one instant to another, both included. -#}
{% macro hours_from_to(first_at, last_at) %}
    {{- return(adapter.dispatch('hours_from_to', 'service_scorecards')(first_at, last_at)) -}}
{% endmacro %}

{% macro default__hours_from_to(first_at, last_at) -%}
    unnest(generate_series({{ first_at }}, {{ last_at }}, interval 1 hour))
{%- endmacro %}

{% macro spark__hours_from_to(first_at, last_at) -%}
    explode(sequence({{ first_at }}, {{ last_at }}, interval 1 hour))
{%- endmacro %}

{#- Seconds by which a time zone is ahead of UTC at an instant. -#}
{% macro utc_offset_seconds(instant, time_zone) %}
    {{- return(adapter.dispatch('utc_offset_seconds', 'service_scorecards')(instant, time_zone)) -}}
{% endmacro %}

{% macro default__utc_offset_seconds(instant, time_zone) -%}
    (epoch(timezone({{ time_zone }}, timezone('UTC', {{ instant }}))) - epoch({{ instant }}))
{%- endmacro %}

{% macro spark__utc_offset_seconds(instant, time_zone) -%}
    (
        unix_timestamp(from_utc_timestamp({{ instant }}, {{ time_zone }}))
        - unix_timestamp({{ instant }})
    )
{%- endmacro %}

{#- An instant moved by a number of seconds (a column or a number). -#}
{% macro add_seconds(instant, seconds) %}
    {{- return(adapter.dispatch('add_seconds', 'service_scorecards')(instant, seconds)) -}}
{% endmacro %}

{% macro default__add_seconds(instant, seconds) -%}
    ({{ instant }} + to_seconds({{ seconds }}))
{%- endmacro %}

{% macro spark__add_seconds(instant, seconds) -%}
    timestamp_micros(unix_micros({{ instant }}) + cast({{ seconds }} as bigint) * 1000000)
{%- endmacro %}

{#- A month moved by a number of months (a column or a number), as a date. -#}
{% macro add_months(month_start, months) %}
    {{- return(adapter.dispatch('add_months', 'service_scorecards')(month_start, months)) -}}
{% endmacro %}

{% macro default__add_months(month_start, months) -%}
    cast({{ month_start }} + to_months(cast({{ months }} as integer)) as date)
{%- endmacro %}

{% macro spark__add_months(month_start, months) -%}
    add_months({{ month_start }}, cast({{ months }} as integer))
{%- endmacro %}

{#- Whole seconds from one instant to a later one, rounded down. -#}
{% macro seconds_from_to(from_at, to_at) %}
    {{- return(adapter.dispatch('seconds_from_to', 'service_scorecards')(from_at, to_at)) -}}
{% endmacro %}

{% macro default__seconds_from_to(from_at, to_at) -%}
    ((epoch_us({{ to_at }}) - epoch_us({{ from_at }})) // 1000000)
{%- endmacro %}

{% macro spark__seconds_from_to(from_at, to_at) -%}
    ((unix_micros({{ to_at }}) - unix_micros({{ from_at }})) div 1000000)
{%- endmacro %}

{#- Number of the weekday, Monday 1 to Sunday 7. -#}
{% macro weekday(day) %}
    {{- return(adapter.dispatch('weekday', 'service_scorecards')(day)) -}}
{% endmacro %}

{% macro default__weekday(day) -%}
    isodow({{ day }})
{%- endmacro %}

{% macro spark__weekday(day) -%}
    (weekday({{ day }}) + 1)
{%- endmacro %}

{#- Days from one date to a later one; negative if it is earlier. -#}
{% macro days_elapsed(from_date, to_date) %}
    {{- return(adapter.dispatch('days_elapsed', 'service_scorecards')(from_date, to_date)) -}}
{% endmacro %}

{% macro default__days_elapsed(from_date, to_date) -%}
    date_diff('day', {{ from_date }}, {{ to_date }})
{%- endmacro %}

{% macro spark__days_elapsed(from_date, to_date) -%}
    datediff({{ to_date }}, {{ from_date }})
{%- endmacro %}
