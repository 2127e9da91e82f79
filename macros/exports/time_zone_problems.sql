{#- The zone of exported timestamps that name none. -#}
{%- macro source_time_zone() -%}
    {{- return(var('source_time_zone', none) or env_var('SCORECARD_SOURCE_TIME_ZONE', '') or 'Asia/Shanghai') -}}
{%- endmacro -%}

{%- macro time_zone_problems() -%}
    {%- set wanted = source_time_zone() -%}
    {%- set found = run_query("select current_setting('TimeZone')").rows[0][0] -%}
    {%- if found == wanted -%} {{- return([]) -}} {%- endif -%}

    {{- return([
        'The connection reads timestamps in the time zone ' ~ found ~ ', the exports are written in ' ~ wanted
        ~ '. Set it in profiles.yml: settings: {TimeZone: ' ~ wanted ~ '}.'
    ]) -}}
{%- endmacro -%}
