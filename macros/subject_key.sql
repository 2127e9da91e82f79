{#- Whose contact it is, and about what: null where one of them is not known. -#}
{% macro subject_key(customer_id, topic) -%}
    case
        when {{ customer_id }} is not null and {{ topic }} is not null
            then {{ row_key([customer_id, topic]) }}
    end
{%- endmacro %}
