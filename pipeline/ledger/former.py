"""What a CRM tells of a profile's former life (domain §8): ids that it has merged into this one, and addresses beside the current one.

Each is a further row behind those of its file, which no count counts. `former` is the profile itself with another address; `merged` is
the profile that is no more, and `external_id` names the one that it has become. `profile_former` of sql/1_ledger reads both. A CRM tells
a merge at the one that remains (`merged_ids`) or at the one that is gone (`merged_into`): the latter's own row deletes it, and what
stood in it is its former life.
"""

from collections.abc import Collection

COLUMNS = frozenset({"merged_ids", "merged_into", "former_emails"})
_MARK = "chr(31)"
"""In front of the operation, so that no file can say it."""
_UNSAID = "NULL::VARCHAR AS flags, NULL::MAP(VARCHAR, VARCHAR) AS attributes, true AS has_operation, NULL::VARCHAR AS fault"
_NOTHING_ELSE = f"'' AS phone, '' AS first_name, '' AS last_name, {_UNSAID}"
_ADDRESS = r"""[^\s,;:|()<>"'']+@[^\s,;:|()<>"'']+"""
_IS_GONE = "merged_into <> '' AND id_of(merged_into) IS DISTINCT FROM id_of(profile_id) AND fault IS NULL"


def added(select: str, told: Collection[str]) -> str:
    """The staged rows of profiles, with a row for each former id and address where their columns are among those `told`."""
    if not COLUMNS & set(told):
        return select
    return rf"""WITH said AS NOT MATERIALIZED ({select})
        SELECT * REPLACE (
            CASE WHEN {_IS_GONE} AND word(operation) IN ('', 'upsert') THEN 'delete' ELSE operation END AS operation,
            has_operation OR ({_IS_GONE}) AS has_operation)
        FROM said
        UNION ALL
        SELECT * REPLACE (unnest(regexp_extract_all(former_emails, '{_ADDRESS}')) AS email, '' AS external_id,
            {_MARK} || 'former' AS operation, {_NOTHING_ELSE})
        FROM said WHERE fault IS NULL AND contains(former_emails, '@')
        UNION ALL
        SELECT * REPLACE (unnest(list_filter(string_split_regex(merged_ids, '[][\s,;|"]+'), lambda id: id <> '')) AS profile_id,
            profile_id AS external_id, '' AS email, {_MARK} || 'merged' AS operation, {_NOTHING_ELSE})
        FROM said WHERE fault IS NULL AND merged_ids <> ''
        UNION ALL
        SELECT * REPLACE ({_MARK} || 'former' AS operation, {_UNSAID}) FROM said WHERE {_IS_GONE} AND email || phone <> ''
        UNION ALL
        SELECT * REPLACE (merged_into AS external_id, '' AS email, {_MARK} || 'merged' AS operation, {_NOTHING_ELSE})
        FROM said WHERE {_IS_GONE}"""
