with

contacts as (

    select * from {{ ref('int_contacts_matched') }}

),

parameters as (

    select * from {{ ref('int_parameters_pivoted') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

windowed as (

    select
        contacts.*,
        as_of.as_of_at,
        {{ add_seconds(
            'contacts.started_at', 'parameters.first_contact_window_days * 86400'
        ) }} as window_ends_at,
        {{ add_seconds(
            'contacts.started_at', 'parameters.first_contact_window_days * -86400'
        ) }} as window_starts_at
    from contacts
    cross join parameters
    cross join as_of

)

select
    contact_type,
    contact_id,
    started_at,
    started_on,
    ended_at,
    first_handled_by,
    previous_contact_at,
    next_contact_at,
    subject_key is not null
    and coalesce(previous_contact_at < window_starts_at, true) as is_first_contact,
    window_ends_at <= as_of_at as is_matured,
    coalesce(next_contact_at > window_ends_at, true)
    and coalesce(first_reopened_at > window_ends_at, true) as is_resolved
from windowed
