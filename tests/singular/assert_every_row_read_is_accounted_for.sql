{#- Of the streamed exports, the rows of this night: the others had their own. -#}
with

{% for system, table_name in export_names() %}
{{ table_name }} as (
    {{ export_rows(system, table_name) | indent }}
),

{% endfor %}
rows_read as (
    {% for system, table_name in export_names() %}
    select
        '{{ table_name }}' as table_name,
        count(*) as row_count
    from {{ table_name }}
    where {{ is_of_this_night(table_name) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- Counted where each outcome goes, not where it was judged.
rows_placed as (
    {% for system, table_name in export_names() %}
    select
        '{{ table_name }}' as table_name,
        count(*) as row_count
    {% if table_name == 'tickets' and is_streamed('tickets') %}
    from {{ ref('base_helpdesk__ticket_versions') }}
    {% else %}
    from {{ ref('stg_' ~ system ~ '__' ~ table_name) }}
    {% endif %}
    where {{ is_of_this_night(table_name) }}
    union all
    select
        '{{ table_name }}' as table_name,
        count(*) as row_count
    from {{ ref('base_' ~ system ~ '__' ~ table_name) }}
    where
        row_outcome = 'superseded'
        and {{ is_of_this_night(table_name) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

rows_rejected as (
    select * from {{ ref('rejected_rows') }}
),

outcomes as (
    select
        table_name,
        row_count
    from rows_placed
    {% for system, table_name in export_names() %}
    union all
    select
        table_name,
        count(*) as row_count
    from rows_rejected
    where
        table_name = '{{ table_name }}'
        and {{ is_of_this_night(table_name) }}
    group by table_name
    {% endfor %}
),

accounted as (
    select
        table_name,
        sum(row_count) as row_count
    from outcomes
    group by table_name
)

select
    rows_read.table_name,
    rows_read.row_count as rows_read,
    accounted.row_count as rows_accounted_for
from rows_read
left join accounted on rows_read.table_name = accounted.table_name
where rows_read.row_count is distinct from accounted.row_count
