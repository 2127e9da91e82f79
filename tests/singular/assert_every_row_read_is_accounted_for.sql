with

export_row_counts as (
    select * from {{ ref('export_row_counts') }}
),

rejected_rows as (
    select * from {{ ref('rejected_rows') }}
),

staged as (
    {% for system, table_name in export_names() %}
    select
        '{{ table_name }}' as table_name,
        count(*) as row_count
    from {{ ref('stg_' ~ system ~ '__' ~ table_name) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

rejected as (
    select
        table_name,
        count(*) as row_count
    from rejected_rows
    group by table_name
),

unaccounted as (
    select
        export_row_counts.table_name,
        export_row_counts.rows_read,
        staged.row_count as rows_staged,
        export_row_counts.rows_superseded,
        coalesce(rejected.row_count, 0) as rows_rejected
    from export_row_counts
    left join staged
        on export_row_counts.table_name = staged.table_name
    left join rejected
        on export_row_counts.table_name = rejected.table_name
    where
        export_row_counts.rows_read is distinct from (
            staged.row_count
            + export_row_counts.rows_superseded
            + coalesce(rejected.row_count, 0)
        )
)

select * from unaccounted
