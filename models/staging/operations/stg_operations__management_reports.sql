with

base_operations__management_reports as (
    select * from {{ ref('base_operations__management_reports') }}
),

staged as (
    select
        report_id,
        owner_id,

        returned_count,

        due_on,
        submitted_on,
        load_date
    from base_operations__management_reports
    where row_outcome = 'staged'
)

select * from staged
