{#-
    A quotient of decimals, rounded half away from zero once, from the exact value: neither
    engine divides decimals exactly. Both sides become integers, and integers divide
    exactly. `scale` is the number of places that both sides fit into. Null when the
    denominator is zero or null; an overflow of 38 digits is an error, never a wrong digit.
-#}
{% macro divide(numerator, denominator, places, scale=16) %}
    {{- return(adapter.dispatch('divide', 'service_scorecards')(
        numerator, denominator, places, scale
    )) -}}
{% endmacro %}

{#- Integers of 64 bits divide a hundred times faster than those of 128: most parts fit. -#}
{% macro default__divide(numerator, denominator, places, scale) %}
    {%- set digits = service_scorecards.digits -%}
    {%- set short_digits = service_scorecards.short_digits -%}
    cast(
        sign({{ numerator }}) * case
            {%- if scale <= 8 %}
            when
                abs({{ short_digits(numerator, scale) }}) < 4{{ '0' * (18 - places) }}
                and {{ short_digits(denominator, scale) }} < 1{{ '0' * 18 }}
                then
                    (
                        2{{ '0' * places }} * abs({{ short_digits(numerator, scale) }})
                        + {{ short_digits(denominator, scale) }}
                    ) // (2 * {{ short_digits(denominator, scale) }})
            {%- endif %}
            when true
                then (
                    2{{ '0' * places }} * abs({{ digits(numerator, scale) }})
                    + {{ digits(denominator, scale) }}
                ) // (2 * {{ digits(denominator, scale) }})
        end as decimal(38, 0)
    ) * cast(0.{{ '0' * (places - 1) }}1 as decimal({{ places + 1 }}, {{ places }}))
{%- endmacro %}

{#- The digits of a decimal as one integer: 1.25 with scale 4 is 12500. -#}
{% macro digits(value, scale) -%}
    cast(replace(cast(cast({{ value }} as decimal(38, {{ scale }})) as string), '.', '') as hugeint)
{%- endmacro %}

{#- The same as a bigint, in steps that stay within 18 digits; null where those are too few. -#}
{% macro short_digits(value, scale) -%}
    {%- set short = 'try_cast(' ~ value ~ ' as decimal(18, ' ~ scale ~ '))' -%}
    (
        cast(floor({{ short }}) as bigint) * 1{{ '0' * scale }}
        + cast(({{ short }} - floor({{ short }})) * 1{{ '0' * scale }} as bigint)
    )
{%- endmacro %}

{#-
    `div` wraps around, and text of a small decimal has an exponent: hence the remainder and
    the formatted number. Without ANSI mode an overflow is a null; here it is an error.
-#}
{% macro spark__divide(numerator, denominator, places, scale) %}
    {%- set digits = service_scorecards.spark__digits -%}
    {%- set divisor = '(2 * ' ~ digits(denominator, scale) ~ ')' -%}
    {%- set dividend -%}
        (
            2{{ '0' * places }} * abs({{ digits(numerator, scale) }})
            + {{ digits(denominator, scale) }}
        )
    {%- endset -%}
    case
        when ({{ numerator }}) is not null and ({{ denominator }}) != 0
            then coalesce(
                case when ({{ numerator }}) < 0 then -1 else 1 end * cast(
                    ({{ dividend }} - {{ dividend }} % {{ divisor }}) / {{ divisor }}
                    as decimal(38, 0)
                ) * cast(0.{{ '0' * (places - 1) }}1 as decimal({{ places + 1 }}, {{ places }})),
                cast(raise_error('a quotient needs more than 38 digits') as decimal(38, {{ places }}))
            )
    end
{%- endmacro %}

{% macro spark__digits(value, scale) -%}
    cast(
        translate(format_number(cast({{ value }} as decimal(38, {{ scale }})), {{ scale }}), '.,', '')
        as decimal(38, 0)
    )
{%- endmacro %}
