with

tickets as (

    select * from {{ ref('int_tickets_credited') }}

),

contacts as (

    select * from {{ ref('int_contacts_matched') }}

),

scorecards as (

    select * from {{ ref('scorecards') }}

),

parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

first_months as (

    select min(valid_from) as first_month
    from scorecards

),

dated as (

    select
        contact_id as record_id,
        'created' as what,
        started_on as happened_on
    from contacts
    where contact_type = 'ticket'
    union all
    select
        ticket_id as record_id,
        'first replied to' as what,
        first_reply_on as happened_on
    from tickets
    union all
    select
        ticket_id as record_id,
        'last solved' as what,
        last_solved_on as happened_on
    from tickets
    union all
    select
        'as-of' as record_id,
        'newest instant' as what,
        as_of_date as happened_on
    from as_of

)

-- What happened before the first scorecard is history that nobody is appraised by.
select
    dated.record_id,
    dated.what,
    dated.happened_on,
    parameters.calendar_first_day,
    parameters.calendar_last_day
from dated
cross join parameters
cross join first_months
where
    dated.happened_on > parameters.calendar_last_day
    or (
        dated.happened_on < parameters.calendar_first_day
        and dated.happened_on >= first_months.first_month
    )
