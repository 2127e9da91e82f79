with

quotas as (

    select * from {{ ref('distribution_quotas') }}

),

grade_bands as (

    select * from {{ ref('grade_bands') }}

),

-- From the best grade down, each quota holds those above it.
followed as (

    select
        quotas.grade_id,
        quotas.valid_from,
        quotas.cumulative_share,
        lag(quotas.cumulative_share) over (
            partition by quotas.valid_from order by grade_bands.lower_bound desc
        ) as share_above
    from quotas
    inner join grade_bands
        on
            quotas.grade_id = grade_bands.grade_id
            and quotas.valid_from >= grade_bands.valid_from
            and coalesce(quotas.valid_from < grade_bands.valid_to, true)

)

select * from followed
where cumulative_share < coalesce(share_above, 0) or cumulative_share > 1
