{#-
    The exports that grow with the work. They are read night by night, in place; the others are
    small, and read whole. What supersedes a row tells how: `set_aside` by name, row for row;
    `in_versions` by the newest version of each key, for a record that comes often.
-#}
{% macro streamed_exports() %}
    {{- return({
        'call_legs': 'set_aside',
        'quality_review_items': 'set_aside',
        'survey_responses': 'set_aside',
        'ticket_events': 'set_aside',
        'tickets': 'in_versions',
    }) -}}
{% endmacro %}
