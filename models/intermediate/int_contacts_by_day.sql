-- depends_on: {{ ref('int_periods_to_build') }}
with

contacts as (

    select * from {{ ref('int_contacts_judged') }}
    {% if is_incremental() %}
    where {{ is_on_days_of_this_night('started_on') }}
    {% endif %}

),

summed as (

    select
        first_handled_by as employee_id,
        started_on as activity_date,
        cast(date_trunc('month', started_on) as date) as month_start,
        count(*) as first_contacts,
        count(*) filter (where is_resolved) as resolved_contacts
    from contacts
    where first_handled_by is not null and is_first_contact and is_matured
    group by first_handled_by, started_on

)

select * from summed
{{ of_the_periods_to_build() }}
