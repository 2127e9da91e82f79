-- How sure is a month of CSAT? Its Wilson 95 % interval beside it: with 18 answers,
-- a true 83 % shows as 72 % or less one month in six.
with

monthly_metrics as (

    select * from {{ ref('monthly_metrics') }}

),

answered as (

    select
        employee_id,
        month_start,
        metric_value,
        cast(numerator / denominator as double) as share,
        cast(denominator as double) as responses,
        1.959964 as z
    from monthly_metrics
    where metric_id = 'csat' and denominator > 0

),

bounded as (

    select
        employee_id,
        month_start,
        responses,
        metric_value as csat,
        (share + z * z / (2 * responses)) / (1 + z * z / responses) as centre,
        z * sqrt(share * (1 - share) / responses + z * z / (4 * responses * responses))
        / (1 + z * z / responses) as half_width
    from answered

)

select
    employee_id,
    month_start,
    responses,
    csat,
    round(centre - half_width, 3) as csat_at_least,
    round(centre + half_width, 3) as csat_at_most
from bounded
order by employee_id, month_start
