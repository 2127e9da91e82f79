"""Broken rows among the good ones, in ways that typed Parquet allows."""

# Each kind: columns with what stands there instead.
BROKEN = {
    "tickets": [
        {"ticket_id": "null"},
        {"created_at": "null"},
        {"updated_at": "created_at - interval 1 day"},
        {"status": "'vanished'"},
    ],
    "ticket_events": [
        {"event_id": "null"},
        {"occurred_at": "null"},
        {"event_type": "'vanished'"},
        {"event_type": "'status_changed'", "status": "null"},
    ],
    "call_legs": [
        {"leg_id": "null"},
        {"ended_at": "offered_at - interval 1 hour"},
        {"outcome": "'vanished'"},
        {"outcome": "'answered'", "answered_at": "null"},
        {"talk_seconds": "-5"},
    ],
    "survey_responses": [
        {"response_id": "null"},
        {"responded_at": "sent_at - interval 1 day", "score": "scale_max"},
        {"responded_at": "sent_at", "score": "scale_max + 1"},
        {"survey_type": "'vanished'"},
    ],
    "quality_review_items": [
        {"review_id": "null"},
        {"score": "max_score + 1"},
        {"score": "null", "is_applicable": "true"},
        {"weight": "-1"},
        {"status": "'vanished'"},
    ],
}
# The column in which two rows of one key and version contradict each other.
CONTESTED = {
    "tickets": "topic",
    "ticket_events": "assignee_id",
    "call_legs": "queue",
    "survey_responses": "contact_id",
    "quality_review_items": "agent_id",
}


def with_dirt(table: str, key: list[str], rows: str, share: float) -> str:
    """SQL of the rows with broken copies of a share of them, so that no good row is lost.

    A copy has an id of its own (`BAD…`) and one fault; two copies of one id contradict each other;
    and some are nothing but copies.
    """
    other_id = {key[0]: f"'BAD' || {key[0]}"}
    kinds = [
        *([other_id | fault] for fault in BROKEN[table]),
        [other_id, other_id | {CONTESTED[table]: "'contradiction'"}],
        [{}],
    ]
    parts = ["select * from clean"]
    for kind, copies in enumerate(kinds):
        for changes in copies:
            replaced = ", ".join(f"{value} as {column}" for column, value in changes.items())
            columns = "* exclude (kind)" + (f" replace ({replaced})" if replaced else "")
            parts.append(f"select {columns} from drawn where kind = {kind}")
    identity = " || ".join(key)
    return f"""
        with
        clean as ({rows}),
        drawn as (
            select *, whole({identity}, 'kind', 0, {len(kinds) - 1}) as kind
            from clean
            where draw({identity}, 'broken') < {share}
        )
        {" union all ".join(parts)}
    """
