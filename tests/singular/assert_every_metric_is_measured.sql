{#- Read from the models' text: where an export is absent there is no evidence. -#}
{% set measured = namespace(by='') %}
{% if execute %}
{% for name in ['int_metrics_unpivoted', 'int_superseded_evidence'] %}
{% set measured.by = measured.by
    ~ graph.nodes['model.service_scorecards.' ~ name].raw_code %}
{% endfor %}
{% endif %}

with

metrics as (

    select * from {{ ref('metrics') }}

),

models as (

    select '{{ measured.by | replace("'", '"') }}' as code

)

-- depends on {{ ref('int_metrics_unpivoted') }}, {{ ref('int_superseded_evidence') }}
select metrics.metric_id
from metrics
cross join models
where models.code not like '%"' || metrics.metric_id || '"%'
