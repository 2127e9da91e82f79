with

objections as (

    select * from {{ ref('int_objections_judged') }}
    where state = 'upheld' and remedy is not null

),

-- Of several remedies of one record, the last decided is the one.
granted as (

    select *
    from objections
    qualify
        row_number() over (
            partition by
                target_type,
                case when remedy = 'exclude_days' then objection_id else target_id end
            order by decided_on desc, objection_id desc
        ) = 1

)

select
    objection_id,
    employee_id,
    case
        when remedy = 'exclude_days' then 'employee_days'
        else target_type
    end as record_type,
    case
        when remedy = 'exclude_days' then objection_id
        else target_id
    end as record_id,
    remedy,
    replacement_score,
    replacement_employee_id,
    excluded_from,
    excluded_to
from granted
