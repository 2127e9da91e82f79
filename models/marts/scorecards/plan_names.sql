{% set names = {
    'scorecard': (ref('scorecards'), 'scorecard_id', 'valid_from'),
    'role': (ref('roles'), 'role_id', none),
    'dimension': (ref('dimensions'), 'dimension_id', none),
    'metric': (ref('metrics'), 'metric_id', none),
    'grade': (ref('grade_bands'), 'grade_id', 'valid_from'),
    'grade_cap': (ref('grade_caps'), 'grade_cap_id', 'valid_from'),
    'reviewer': (ref('reviewer_shares'), 'relation', 'valid_from'),
} %}

with

named as (

    {% for subject, (plan, id, valid_from) in names.items() %}
    {{ 'union all' if not loop.first }}
    select
        '{{ subject }}' as subject,
        {{ id }} as id,
        name_en,
        name_zh,
        {{ valid_from or 'cast(null as date)' }} as valid_from
    from {{ plan }}
    {% endfor %}

),

-- What is dated is named as it is called last.
latest as (

    select
        subject,
        id,
        name_en,
        name_zh
    from named
    qualify
        row_number() over (partition by subject, id order by valid_from desc) = 1

)

select * from latest
