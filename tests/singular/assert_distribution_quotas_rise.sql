with

quotas as (

    select * from {{ ref('distribution_quotas') }}

),

grade_bands as (

    select * from {{ ref('grade_bands') }}

),

-- The days on which the quotas change.
days as (

    select distinct valid_from as first_day
    from quotas

),

-- From the best grade down, each quota holds those above it.
followed as (

    select
        days.first_day,
        quotas.grade_id,
        quotas.cumulative_share,
        lag(quotas.cumulative_share) over (
            partition by days.first_day order by grade_bands.lower_bound desc
        ) as share_above
    from days
    inner join quotas
        on
            days.first_day >= quotas.valid_from
            and coalesce(days.first_day < quotas.valid_to, true)
    inner join grade_bands
        on
            quotas.grade_id = grade_bands.grade_id
            and days.first_day >= grade_bands.valid_from
            and coalesce(days.first_day < grade_bands.valid_to, true)

)

select * from followed
where cumulative_share < coalesce(share_above, 0) or cumulative_share > 1
