{%- macro csv_lines(files) -%}
    select
        filename,
        row_number,
        coalesce(line, piece) as row_text,
        line
    from (
        select
            *,
            case when is_utf8 then piece else try(decode(cast(piece as blob))) end as line
        from (
            select
                filename,
                is_utf8,
                unnest(pieces) as piece,
                generate_subscripts(pieces, 1) as row_number
            from (
                select
                    filename,
                    try(decode(content)) is not null as is_utf8,
                    -- As text, a blob shows a line feed as \x0A and a backslash as \x5C.
                    coalesce(
                        string_split(replace(try(decode(content)) || chr(10), chr(13) || chr(10), chr(10)), chr(10)),
                        string_split(replace(cast(content as varchar) || '\x0A', '\x0D\x0A', '\x0A'), '\x0A')
                    ) as pieces
                from read_blob({{ files }})
            )
        )
    )
{%- endmacro -%}
