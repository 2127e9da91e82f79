with

{% for system, table_name in export_names() %}
{{ table_name }} as (
    {{ export_rows(system, table_name) | indent }}
),

{% endfor %}
tickets_stored as (
    -- Named an as-of, not every ticket is known, and stored.
    select count(*) as rows_staged
    from {{ ref('stg_helpdesk__tickets' if var('as_of') else 'int_tickets_credited') }}
),

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
        case
            when counted.table_name = 'tickets' then tickets_stored.rows_staged
            else counted.rows_read - outcomes.rows_superseded - outcomes.rows_rejected
        end as rows_staged,
        outcomes.rows_rejected
    from counted
    inner join outcomes
        on counted.table_name = outcomes.table_name
    cross join tickets_stored
)

select
    system,
    table_name,
    rows_read,
    rows_staged,
    rows_read - rows_staged - rows_rejected as rows_superseded,
    rows_rejected
from compared
