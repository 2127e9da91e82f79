with

export_row_counts as (
    select * from {{ ref('export_row_counts') }}
),

parameters as (
    select * from {{ ref('parameters') }}
),

limits as (
    select
        cast(
            max(value) filter (where parameter_id = 'maximum_rejected_rows') as bigint
        ) as maximum_rows,
        cast(
            max(value) filter (where parameter_id = 'maximum_rejected_share')
            as decimal(9, 6)
        ) as maximum_share
    from parameters
),

mostly_rejected as (
    select
        export_row_counts.table_name,
        export_row_counts.rows_read,
        export_row_counts.rows_rejected
    from export_row_counts
    cross join limits
    where
        export_row_counts.rows_rejected > limits.maximum_rows
        and export_row_counts.rows_rejected
        > limits.maximum_share * export_row_counts.rows_read
)

select * from mostly_rejected
