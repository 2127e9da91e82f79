{#- Closed and reopened is what was published before: else a step has no effect. -#}
with

closings as (

    select * from {{ ref('stg_appraisal__closings') }}

),

ordered as (

    select
        closings.closing_id,
        closings.period_type,
        closings.period_start,
        closings.step,
        closings.employee_id,
        max(case when earlier_steps.step = 'published' then 1 else 0 end)
            as is_published
    from closings
    left join closings as earlier_steps
        on
            closings.period_type = earlier_steps.period_type
            and closings.period_start = earlier_steps.period_start
            and coalesce(closings.employee_id = earlier_steps.employee_id, true)
            and (
                closings.stepped_on > earlier_steps.stepped_on
                or (
                    closings.stepped_on = earlier_steps.stepped_on
                    and closings.closing_id > earlier_steps.closing_id
                )
            )
    group by
        closings.closing_id,
        closings.period_type,
        closings.period_start,
        closings.step,
        closings.employee_id

)

select * from ordered
where step = 'reopened' and is_published = 0
