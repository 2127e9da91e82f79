-- The physical floor: every column that the results need, read once, and nothing else.

-- stage: call_legs
select
    max(leg_id), max(call_id), max(customer_id), max(agent_id), max(topic), max(direction), max(offered_at),
    max(answered_at), max(ended_at), sum(talk_seconds), sum(hold_seconds), sum(wrap_seconds), max(outcome)
from read_parquet(getvariable('exports') || '/call_legs/*/*.parquet');

-- stage: tickets
select
    max(ticket_id), max(customer_id), max(topic), count(*) filter (is_complaint), max(created_at), max(updated_at)
from read_parquet(getvariable('exports') || '/tickets/*/*.parquet');

-- stage: ticket_events
select
    max(event_id), max(ticket_id), max(occurred_at), max(event_type), max(actor_id), max(actor_type),
    max(assignee_id), max(status)
from read_parquet(getvariable('exports') || '/ticket_events/*/*.parquet');

-- stage: survey_responses
select
    max(response_id), max(survey_type), max(contact_type), max(contact_id), max(responded_at), max(score),
    max(scale_min), max(scale_max), max(updated_at)
from read_parquet(getvariable('exports') || '/survey_responses/*/*.parquet');

-- stage: quality_review_items
select
    max(review_id), max(item_id), max(section), max(contact_type), max(contact_id), max(agent_id), max(reviewer_id),
    max(reviewed_at), sum(score), sum(max_score), sum(weight), count(*) filter (is_applicable),
    count(*) filter (is_fatal), count(*) filter (is_calibration), max(calibration_id), max(status)
from read_parquet(getvariable('exports') || '/quality_review_items/*/*.parquet');

-- stage: attendance
select max(employee_id), max(work_date), max(late_minutes), count(*) filter (is_unexcused)
from read_parquet(getvariable('exports') || '/attendance/*/*.parquet');
