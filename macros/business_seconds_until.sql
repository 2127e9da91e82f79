{#-
    Working seconds from the first day of the calendar to a local time on a day of
    `calendar` (a relation with the columns of int_calendar_days). The difference of two is
    the business time between them, whatever lies between.
-#}
{% macro business_seconds_until(local_at, calendar) -%}
    (
        {{ calendar }}.business_seconds_before + greatest(
            0,
            least(
                extract(hour from {{ local_at }}) * 3600
                + extract(minute from {{ local_at }}) * 60
                + cast(floor(extract(second from {{ local_at }})) as bigint)
                - {{ calendar }}.opens_second,
                {{ calendar }}.closes_second - {{ calendar }}.opens_second
            )
        )
    )
{%- endmacro %}
