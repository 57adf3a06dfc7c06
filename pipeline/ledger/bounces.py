"""The SQL twin of `delivery_status.classify`: a macro over whole columns, made from the same patterns.

`bounce_reading(status_code, diagnostic, bounce_class, reason)` gives the class and, behind a blank, `mailbox_full` where it
is that. `diagnostic` is in lower case. A test holds that both give the same answer.
"""

import duckdb

from pipeline.delivery_status import ADDRESS_TEXT, BLOCK_SUBJECTS, BLOCK_TEXT, ENHANCED_CODE, FULL_TEXT, GONE_CODES, GONE_TEXT, REPLY_CODE, SOFT_SUBJECTS


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _texts(values: frozenset[str]) -> str:
    return ", ".join(_text(value) for value in sorted(values))


_MACROS = (
    "code_in(content, other, pattern) AS coalesce(nullif(regexp_extract(content, pattern, 1), ''), regexp_extract(other, pattern, 1))",
    f"""class_of_code(code) AS CASE
        WHEN code = '' OR starts_with(code, '2') THEN ''
        WHEN split_part(code, '.', 2) = '2' AND split_part(code, '.', 3) = '2' THEN 'full'
        WHEN starts_with(code, '4') THEN 'soft'
        WHEN code IN ({_texts(GONE_CODES)}) THEN 'hard'
        WHEN split_part(code, '.', 2) IN ({_texts(BLOCK_SUBJECTS)}) THEN 'block'
        WHEN split_part(code, '.', 2) IN ({_texts(SOFT_SUBJECTS)}) THEN 'soft'
        ELSE 'undetermined' END""",
    f"""says_full(diagnostic) AS diagnostic <> '' AND regexp_matches(diagnostic, {_text(FULL_TEXT)})""",
    f"""says_block(diagnostic) AS
        diagnostic <> '' AND regexp_matches(diagnostic, {_text(BLOCK_TEXT)}) AND NOT regexp_matches(diagnostic, {_text(GONE_TEXT)})""",
    """class_of(by_code, reply, diagnostic, label, reason) AS CASE
        WHEN by_code = 'full' OR (by_code NOT IN ('hard', 'block') AND says_full(diagnostic)) THEN 'soft mailbox_full'
        WHEN by_code = 'block' OR (by_code = '' AND label = 'block') OR says_block(diagnostic) THEN 'block'
        WHEN reply LIKE '4%' AND (by_code = 'hard' OR (by_code = '' AND label = 'hard')) THEN 'soft'
        WHEN by_code <> '' THEN by_code
        WHEN label IN ('hard', 'soft') THEN label
        WHEN reply LIKE '4%' THEN 'soft'
        ELSE 'undetermined' END
        || CASE WHEN reason = 'mailbox_full' AND by_code <> 'full' AND NOT says_full(diagnostic) THEN ' mailbox_full' ELSE '' END""",
    f"""bounce_reading(status_code, diagnostic, bounce_class, reason) AS class_of(
        class_of_code(code_in(status_code, diagnostic, {_text(ENHANCED_CODE)})),
        code_in(status_code, diagnostic, {_text(REPLY_CODE)}), diagnostic, bounce_class, reason)""",
    f"""without_addresses(content) AS
        CASE WHEN contains(content, '@') THEN regexp_replace(lower(content), {_text(ADDRESS_TEXT)}, '', 'g') ELSE lower(content) END""",
)


def install(con: duckdb.DuckDBPyConnection) -> None:
    """Create the macros in this connection."""
    for macro in _MACROS:
        con.execute(f"CREATE OR REPLACE TEMPORARY MACRO {macro}")
