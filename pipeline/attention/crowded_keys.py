"""Keys of identity that so many profiles hold that they make nobody one person any more (domain §8 "Keys that tie too many")."""

from collections.abc import Iterator

from pipeline.attention._notice import Notice, View
from pipeline.logs import masked, masked_name

KIND = "crowded_key"
NAMED = {"external_id": "external id", "mailbox": "mailbox", "mobile_name": "mobile number with its name"}
_CROWDED = """
SELECT crowded_key.kind, crowded_key.profiles, profile_record.organisation, profile_record.profile_id, CASE crowded_key.kind
    WHEN 'external_id' THEN profile_record.external_id
    WHEN 'mailbox' THEN profile_record.email_address
    ELSE profile_record.phone_number END
FROM crowded_key
LEFT JOIN profile_record ON crowded_key.profile_key = profile_record.profile_key
ORDER BY ALL
"""


def look(view: View) -> Iterator[Notice]:
    """One notice per key, as the warehouse has them."""
    for kind, profiles, organisation, profile_id, text in view.rows(_CROWDED):
        limit = getattr(view.configuration.identity.max_profiles_per_key, kind)
        if profiles <= limit:  # it has been raised since the build
            continue
        holder = f", one of them {masked_name(profile_id)} of {organisation}" if profile_id else ""
        shown = f" {masked(text)}" if text else ""
        yield Notice(
            KIND,
            f"the {NAMED[kind]}{shown} stands in {profiles} profiles{holder}, more than {limit}: it makes nobody one person",
            where=f"profiles of {organisation}" if kind == "external_id" and organisation else "profiles",
            remedy=f"Empty the field where it is a placeholder; where it is right, raise identity.max_profiles_per_key.{kind}.",
            organisation=organisation if kind == "external_id" else None,
        )
