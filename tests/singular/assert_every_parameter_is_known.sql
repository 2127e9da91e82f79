{#- The limits of `assert_few_rows_are_rejected`, which no model reads. -#}
{% set limits = ['maximum_rejected_rows', 'maximum_rejected_share'] %}
{% set pivoted = ref('int_parameters_pivoted') %}
{% set columns = adapter.get_columns_in_relation(pivoted) if execute else [] %}

with

parameters as (

    select * from {{ ref('parameters') }}

),

known as (

    {% for parameter_id in columns | map(attribute='name') | list + limits %}
    select '{{ parameter_id }}' as parameter_id
    {% if not loop.last %}union all{% endif %}

    {% endfor %}
),

judged as (

    select
        coalesce(parameters.parameter_id, known.parameter_id) as parameter_id,
        parameters.value,
        case
            when known.parameter_id is null then 'is read by nothing'
            when parameters.parameter_id is null then 'is missing'
            when
                known.parameter_id like 'maximum_rejected_%'
                and coalesce(try_cast(parameters.value as decimal(18, 6)) < 0, true)
                then 'is no limit'
            when
                known.parameter_id = 'maximum_rejected_share'
                and try_cast(parameters.value as decimal(18, 6)) >= 1
                then 'rejects nothing'
        end as problem
    from parameters
    full join known on parameters.parameter_id = known.parameter_id

)

select * from judged
where problem is not null
