{#- One row for each streamed export and day: what is there now, beside what was built from. -#}
{% macro arrivals_found(files, state=none) %}
with

found as (

    {{ days_found(files) | indent }}
    {%- for name in streamed_exports() if not is_streamed(name) and replaced_exports()[name] != 'absent' %}
    union all
    -- Not read by day: what a loader or a model has done to it is not known.
    select
        '{{ name }}' as table_name,
        '' as load_date,
        '{{ invocation_id }}' as fingerprint
    {%- endfor %}

),

built as (

    {%- if state %}
    select
        name as table_name,
        part as load_date,
        fingerprint
    from {{ state }}
    where subject = 'export'
    {%- else %}
    select *
    from found
    where false
    {%- endif %}

)

select
    coalesce(found.table_name, built.table_name) as table_name,
    coalesce(found.load_date, built.load_date) as load_date,
    found.fingerprint,
    built.fingerprint is null as has_arrived,
    built.fingerprint is not null
    and found.fingerprint is distinct from built.fingerprint as has_changed,
    false as is_anew
from found
full outer join built
    on found.table_name = built.table_name and found.load_date = built.load_date
{% endmacro %}
