"""What a CRM tells of a profile's former life (domain §8): ids that it has merged into this one, and addresses beside the current one.

Each is a further row behind those of its file, which no count counts. `former` is the profile itself with another address; `merged` is
the profile that is no more, and `external_id` names the one that it has become. `profile_former` of sql/1_ledger reads both.
"""

from collections.abc import Collection

COLUMNS = frozenset({"merged_ids", "former_emails"})
_MARK = "chr(31)"
"""In front of the operation, so that no file can say it."""
_NOTHING_ELSE = """'' AS phone, '' AS first_name, '' AS last_name, NULL::VARCHAR AS flags, NULL::MAP(VARCHAR, VARCHAR) AS attributes,
    true AS has_operation, NULL::VARCHAR AS fault"""
_ADDRESS = r"""[^\s,;:|()<>"'']+@[^\s,;:|()<>"'']+"""


def added(select: str, told: Collection[str]) -> str:
    """The staged rows of profiles, with a row for each former id and address where their columns are among those `told`."""
    if not COLUMNS & set(told):
        return select
    return rf"""WITH said AS NOT MATERIALIZED ({select})
        SELECT * FROM said
        UNION ALL
        SELECT * REPLACE (unnest(regexp_extract_all(former_emails, '{_ADDRESS}')) AS email, '' AS external_id,
            {_MARK} || 'former' AS operation, {_NOTHING_ELSE})
        FROM said WHERE fault IS NULL AND contains(former_emails, '@')
        UNION ALL
        SELECT * REPLACE (unnest(list_filter(string_split_regex(merged_ids, '[\s,;|]+'), lambda id: id <> '')) AS profile_id,
            profile_id AS external_id, '' AS email, {_MARK} || 'merged' AS operation, {_NOTHING_ELSE})
        FROM said WHERE fault IS NULL AND merged_ids <> ''"""
