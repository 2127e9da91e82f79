{%- macro export_views(tables, problems, streamed_files) -%}
    {%- set replaced = replaced_exports() -%}
    {%- set root = var('exports_path', none) or env_var('SCORECARD_EXPORTS', '') or 'examples/exports' -%}
    {%- set root = root.rstrip('/') -%}
    {%- set names = tables.keys() | reject('in', replaced) | list -%}
    {%- if not names -%} {{- return([]) -}} {%- endif -%}

    {%- set files = {'csv': {}, 'parquet': {}} -%}
    {%- for row in run_query(found_files(root, names)).rows -%}
        {%- if row.kind == 'misplaced' -%}
            {%- do problems.append(
                'Export ' ~ row.table_name ~ ' has a file in a folder that is not load_date=YYYY-MM-DD: '
                ~ row.first_path ~ '. Move it, or remove it.'
            ) -%}
        {%- elif row.kind == 'unread' -%}
            {%- do problems.append(
                'Export ' ~ row.table_name ~ ' has a file that is neither .csv nor .parquet: '
                ~ row.first_path ~ '. Convert it, or remove it.'
            ) -%}
        {%- else -%}
            {%- do files[row.kind].update({row.table_name: row.files[1:-1]}) -%}
            {%- if is_streamed(row.table_name) -%} {%- do streamed_files.append(row.files[1:-1]) -%} {%- endif -%}
        {%- endif -%}
    {%- endfor -%}

    {%- if not files.csv and not files.parquet and not problems -%}
        {%- do problems.append(
            'The exports folder ' ~ root ~ ' does not exist or has no .csv or .parquet file in a folder of an'
            ~ ' export. Set the environment variable SCORECARD_EXPORTS, or the var exports_path, to the folder.'
        ) -%}
        {{- return([]) -}}
    {%- endif -%}

    {%- if files.parquet -%}
        {%- set sizes = "select filename from read_blob([" ~ files.parquet.values() | join(', ') ~ "]) where size < 12 order by filename" -%}
        {%- set cut_off = run_query(sizes).rows -%}
        {%- for row in cut_off -%}
            {%- do problems.append(
                'The file ' ~ row.filename ~ ' is empty or cut off, and no Parquet file. Export it again, or remove it.'
            ) -%}
        {%- endfor -%}
        {%- if cut_off -%} {{- return([]) -}} {%- endif -%}
    {%- endif -%}

    {#- Files of one header are read together: headers[table] is a list of such groups. -#}
    {%- set groups = {} -%}
    {%- for kind, headers in [('csv', csv_headers), ('parquet', parquet_headers)] if files[kind] -%}
        {%- for row in run_query(headers(root, '[' ~ files[kind].values() | join(', ') ~ ']')).rows -%}
            {%- set header = (row.header or '').split('\x1f') -%}
            {%- set group = {
                'kind': kind,
                'files': row.files,
                'first_path': row.first_path,
                'is_filled': row.filled_count > 0,
                'is_blank': kind == 'csv' and row.empty_count == row.file_count,
                'header': header,
                'types': row.types.split('\x1f') if kind == 'parquet' else ['VARCHAR'] * header | length,
            } -%}
            {%- do groups.setdefault(row.table_name, []).append(group) -%}
            {%- if kind == 'csv' and row.empty_count -%}
                {%- do problems.append(
                    'Export ' ~ row.table_name ~ ' has an empty file (0 bytes): ' ~ row.first_empty_path
                    ~ '. Export it again, or remove it.'
                ) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}

    {%- set views = [] -%}
    {%- for name in names -%}
        {%- set table = tables[name] -%}
        {%- set columns = table.columns | map(attribute='name') | list -%}
        {%- set absent = 'or declare it absent in dbt_project.yml: vars: {exports: {' ~ name ~ ': absent}}.' -%}
        {%- for group in groups.get(name, []) if not group.is_blank -%}
            {%- set missing = columns | reject('in', group.header) | list -%}
            {%- if group.kind == 'csv' and group.header | length == 1 -%}
                {%- do problems.append(
                    'Export ' ~ name ~ ' has no header of comma-separated columns in UTF-8 in the first line of '
                    ~ group.first_path ~ '. Export it as docs/contract.md says.'
                ) -%}
            {%- elif missing -%}
                {%- do problems.append(
                    'Export ' ~ name ~ ' lacks ' ~ missing | join(', ') ~ ' in the header of ' ~ group.first_path
                    ~ '. Add the column to the export, empty where nothing is known.'
                ) -%}
            {%- elif group.header | select('in', columns) | list | length > columns | length -%}
                {%- do problems.append(
                    'Export ' ~ name ~ ' names a column twice in the header of ' ~ group.first_path
                    ~ '. Export it again with each column once.'
                ) -%}
            {%- endif -%}
        {%- endfor -%}

        {%- if name not in groups -%}
            {%- do problems.append(
                'Export ' ~ name ~ ' is missing: there is no .csv or .parquet file in ' ~ root ~ '/' ~ name
                ~ '. Put the file there, ' ~ absent
            ) -%}
        {%- elif not groups[name] | selectattr('is_filled') | list and not groups[name] | selectattr('is_blank') | list -%}
            {%- do problems.append(
                'Export ' ~ name ~ ' is empty: the files in ' ~ root ~ '/' ~ name
                ~ ' have no rows. Export it again, ' ~ absent
            ) -%}
        {%- elif not problems -%}
            {%- do views.append(export_view(table, root, groups[name])) -%}
        {%- endif -%}
    {%- endfor -%}

    {{- return(views) -}}
{%- endmacro -%}
