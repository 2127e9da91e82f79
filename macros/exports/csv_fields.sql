{%- macro csv_fields(line) -%}
    {#- DuckDB: the fields of one line of CSV, as a list. -#}
    {%- set quoted = ' *"(?:[^"]|"")*" *' -%}
    {%- set field = '(?:' ~ quoted ~ '|[^",]*)' -%}
    case
        when not contains({{ line }}, '"')
            then string_split({{ line }}, ',')
        when regexp_full_match({{ line }}, '{{ field }}(?:,{{ field }})*')
            then list_transform(
                regexp_extract_all(',' || {{ line }}, ',({{ field }})', 1),
                lambda field: case
                    when contains(field, '"')
                        then replace(regexp_replace(field, '^ *"(.*)" *$', '\1', 's'), '""', '"')
                    else field
                end
            )
    end
{%- endmacro -%}
