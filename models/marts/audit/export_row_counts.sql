with

{% for system, table_name in export_names() %}
{{ table_name }} as (
    {{ export_rows(system, table_name) | indent }}
),

{% endfor %}
counted as (
    {% for system, table_name in export_names() %}
    select
        '{{ system }}' as system,
        '{{ table_name }}' as table_name,
        count(*) as rows_read
    from {{ table_name }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

outcomes as (
    {% for system, table_name in export_names() %}
    select
        '{{ table_name }}' as table_name,
        count(*) filter (where row_outcome = 'staged') as rows_staged,
        count(*) filter (where row_outcome = 'superseded') as rows_superseded,
        count(*) filter (where row_outcome = 'rejected') as rows_rejected
    from {{ ref('base_' ~ system ~ '__' ~ table_name) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

compared as (
    select
        counted.system,
        counted.table_name,
        counted.rows_read,
        outcomes.rows_staged,
        outcomes.rows_superseded,
        outcomes.rows_rejected
    from counted
    inner join outcomes
        on counted.table_name = outcomes.table_name
)

select * from compared
