with

reviewer_shares as (

    select * from {{ ref('reviewer_shares') }}

)

-- The words of the contract for `ratings.relation`. The share of another relation, in
-- which nobody rates, would go to the others every year.
select
    relation,
    valid_from
from reviewer_shares
where relation not in ('self', 'supervisor', 'head', 'peer')
