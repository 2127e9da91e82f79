with

versions as (

    select * from {{ source('published', 'versions') }}

)

select
    period_type,
    period_start,
    version_number,
    step,
    step_id,
    employee_id,
    stepped_on,
    reason,
    approved_by,
    build_id,
    as_of_at,
    project_fingerprint
from versions
