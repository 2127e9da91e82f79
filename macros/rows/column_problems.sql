{%- macro column_problems(column, key) -%}
    {#- Pairs of a reason and the condition under which it holds, first things first. -#}
    {%- set name = column.name -%}
    {%- set meta = (column.config or {}).meta or {} -%}
    {%- set is_text = column.data_type == 'string' -%}
    {%- set kinds = {
        'boolean': 'neither true nor false',
        'integer': 'not a whole number',
        'decimal': 'not a number',
        'date': 'not a date (YYYY-MM-DD)',
        'timestamp': 'not a timestamp (ISO 8601)',
    } -%}
    {%- set problems = [] -%}

    {%- if not is_text -%}
        {%- do problems.append([
            name ~ ' is ' ~ kinds[column.data_type],
            name ~ " is null and trim(cast(" ~ name ~ "_as_read as string)) != ''",
        ]) -%}
    {%- endif -%}
    {%- if is_required(column, key) -%}
        {%- do problems.append([
            name ~ ' is missing', name ~ ' is null' ~ (' or ' ~ name ~ " = ''" if is_text)
        ]) -%}
    {%- endif -%}
    {%- if meta.accepted_values -%}
        {%- do problems.append([
            name ~ ' is not one of ' ~ meta.accepted_values | join(', '),
            name ~ " not in ('" ~ meta.accepted_values | join("', '") ~ "')",
        ]) -%}
    {%- endif -%}
    {%- set first_year = {'date': 1900, 'timestamp': 2000}.get(column.data_type) -%}
    {%- if first_year -%}
        {%- do problems.append([
            name ~ ' is before ' ~ first_year ~ ' or after 2099',
            name ~ " < date '" ~ first_year ~ "-01-01' or " ~ name ~ " >= date '2100-01-01'",
        ]) -%}
    {%- endif -%}
    {%- if meta.minimum is defined -%}
        {%- do problems.append([name ~ ' is below ' ~ meta.minimum, name ~ ' < ' ~ meta.minimum]) -%}
    {%- endif -%}
    {%- if meta.above is defined -%}
        {%- do problems.append([name ~ ' is not above ' ~ meta.above, name ~ ' <= ' ~ meta.above]) -%}
    {%- endif -%}
    {%- if meta.maximum is defined -%}
        {%- do problems.append([name ~ ' is above ' ~ meta.maximum, name ~ ' > ' ~ meta.maximum]) -%}
    {%- endif -%}

    {{- return(problems) -}}
{%- endmacro -%}
