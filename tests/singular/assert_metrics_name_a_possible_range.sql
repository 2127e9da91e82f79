with

metrics as (

    select * from {{ ref('metrics') }}

)

select
    metric_id,
    minimum_value,
    maximum_value
from metrics
where minimum_value >= maximum_value
