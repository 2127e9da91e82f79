{%- macro csv_lines(files) -%}
    select
        filename,
        row_number,
        coalesce(rtrim(line, chr(13)), regexp_replace(piece, '\\x0D$', '')) as row_text,
        rtrim(line, chr(13)) as line
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
                        string_split(try(decode(content)), chr(10)),
                        string_split(cast(content as varchar), '\x0A')
                    ) as pieces
                from read_blob({{ files }})
            )
        )
    )
{%- endmacro -%}
