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

{% macro default__divide(numerator, denominator, places, scale) %}
    {%- set digits = service_scorecards.digits -%}
    cast(
        sign({{ numerator }}) * (
            (
                2{{ '0' * places }} * abs({{ digits(numerator, scale) }})
                + {{ digits(denominator, scale) }}
            ) // (2 * {{ digits(denominator, scale) }})
        ) as decimal(38, 0)
    ) * cast(0.{{ '0' * (places - 1) }}1 as decimal({{ places + 1 }}, {{ places }}))
{%- endmacro %}

{#- The digits of a decimal as one integer: 1.25 with scale 4 is 12500. -#}
{% macro digits(value, scale) -%}
    cast(replace(cast(cast({{ value }} as decimal(38, {{ scale }})) as string), '.', '') as hugeint)
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
