-- Each metric once more, from the records that metric_records lists: one that is not
-- there, or is listed twice, shows in the sums. A reply's minutes are rounded once a
-- month there and once a record here: 0.001 apart at the most.
with

metric_records as (

    select * from {{ ref('metric_records') }}
    where {{ is_on_days_of_this_night('record_date') }}

),

monthly_metrics as (

    select * from {{ ref('monthly_metrics') }}
    where {{ is_on_days_of_this_night('month_start') }}

),

summed as (

    select
        employee_id,
        month_start,
        metric_id,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from metric_records
    group by employee_id, month_start, metric_id

),

listed as (

    select distinct metric_id from summed

),

compared as (

    select
        monthly_metrics.employee_id,
        monthly_metrics.month_start,
        monthly_metrics.metric_id,
        monthly_metrics.numerator,
        monthly_metrics.denominator,
        case
            when monthly_metrics.metric_id != 'compliance'
                then coalesce(summed.numerator, 0)
            when coalesce(summed.numerator, 0) < -100 then 0
            else 100 + coalesce(summed.numerator, 0)
        end as records_numerator,
        coalesce(summed.denominator, 0) as records_denominator
    from monthly_metrics
    inner join listed on monthly_metrics.metric_id = listed.metric_id
    left join summed
        on
            monthly_metrics.employee_id = summed.employee_id
            and monthly_metrics.month_start = summed.month_start
            and monthly_metrics.metric_id = summed.metric_id

)

select * from compared
where
    abs(numerator - records_numerator) > 0.001
    or (records_denominator != 0 and denominator != records_denominator)
