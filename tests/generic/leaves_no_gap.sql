{% test leaves_no_gap(model, by=[], starts='valid_from', ends='valid_to', is_endless=false) %}

{%- set keys = by | map('string') | list -%}
{%- set window -%}
    {%- if keys -%} partition by {{ keys | join(', ') }} {% endif -%} order by {{ starts }}
{%- endset %}
with

followed as (

    select
        {%- for key in keys %}
        {{ key }},
        {%- endfor %}
        {{ starts }},
        {{ ends }},
        lead({{ starts }}) over ({{ window }}) as next_{{ starts }}
    from {{ model }}

),

counted as (

    select count(*) as row_count
    from {{ model }}

),

judged as (

    select
        *,
        case
            when {{ starts }} is null then '{{ starts }} is empty'
            when {{ ends }} <= {{ starts }} then 'ends before it starts'
            when next_{{ starts }} > {{ ends }} then 'leaves a gap before the next'
            when next_{{ starts }} is not null and {{ ends }} is null
                then 'is open although another follows'
            when next_{{ starts }} < {{ ends }} then 'overlaps the next'
            {%- if is_endless %}
            when next_{{ starts }} is null and {{ ends }} is not null
                then 'ends and nothing follows'
            {%- endif %}
        end as problem
    from followed

)

select * from judged
where problem is not null
union all
select
    {%- for key in keys %}
    cast(null as string) as {{ key }},
    {%- endfor %}
    null as {{ starts }},
    null as {{ ends }},
    null as next_{{ starts }},
    'the table is empty' as problem
from counted
where row_count = 0

{% endtest %}
