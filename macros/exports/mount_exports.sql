{%- macro mount_exports() -%}
    {#- Seeding reads no exports. -#}
    {%- if not execute or flags.WHICH == 'seed' -%} {{- return('') -}} {%- endif -%}

    {%- set tables = contract_tables() -%}
    {%- set replaced = replaced_exports() -%}
    {%- set problems = [] -%}
    {%- for name in replaced if name not in tables -%}
        {%- do problems.append(
            'The var exports names ' ~ name ~ ', which is no export; the exports are '
            ~ tables.keys() | sort | join(', ') ~ '.'
        ) -%}
    {%- endfor -%}

    {%- for name in tables if name not in export_names() | map('last') -%}
        {%- do problems.append('The macro export_names lacks ' ~ name ~ ', which is a source.') -%}
    {%- endfor -%}

    {%- if var('exports_in', 'files') not in ['files', 'tables'] -%}
        {%- do problems.append(
            'The var exports_in is ' ~ var('exports_in') ~ '; exports are in files or in tables.'
        ) -%}
    {%- endif -%}

    {%- set views = [] -%}
    {%- set streamed_files = [] -%}
    {%- if target.type == 'duckdb' -%}
        {%- do problems.extend(time_zone_problems()) -%}
        {%- if var('exports_in', 'files') == 'files' -%}
            {%- do views.extend(export_views(tables, problems, streamed_files)) -%}
        {%- endif -%}
    {%- elif target.type == 'spark' -%}
        {%- do problems.extend(spark_setting_problems()) -%}
    {%- endif -%}

    {%- if problems -%}
        {%- do exceptions.raise_compiler_error(problems | join('\n')) -%}
    {%- endif -%}

    {%- if flags.WHICH in ['run', 'build'] -%} {%- do mount_arrivals(streamed_files) -%} {%- endif -%}

    {{- return(views | join(';\n')) -}}
{%- endmacro -%}
