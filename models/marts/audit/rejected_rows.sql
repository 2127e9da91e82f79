with

rejected as (
    {% for system, table_name in export_names() %}
    select
        '{{ system }}' as system,
        '{{ table_name }}' as table_name,
        source_file,
        row_number,
        load_date,
        row_key,
        row_reason as reason,
        row_text
    from {{ ref('base_' ~ system ~ '__' ~ table_name) }}
    where row_outcome = 'rejected'
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from rejected
