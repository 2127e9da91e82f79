with

base_operations__improvements as (
    select * from {{ ref('base_operations__improvements') }}
),

staged as (
    select
        initiative_id,
        owner_id,

        status,
        verified_by,

        effect_score,

        planned_on,
        delivered_on,
        load_date
    from base_operations__improvements
    where row_outcome = 'staged'
)

select * from staged
