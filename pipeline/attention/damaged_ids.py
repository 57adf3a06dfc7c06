"""Profile ids that a spreadsheet or a program has written otherwise, so that an opt-out restricts nobody by them."""

from collections.abc import Iterator

from pipeline.attention._notice import Notice, View
from pipeline.logs import masked_name

KIND = "damaged_id"
_REMEDY = "Write the profile ids as text, in the one form that the profiles have, and land the file again."
_DAMAGED = """
SELECT organisation, profile_id IS NULL AS is_rounded, count(*), sum(events)::BIGINT, sum(profiles)::BIGINT,
    min(written_id), min_by(profile_id, written_id)
FROM id_damaged
GROUP BY ALL
ORDER BY ALL
"""


def look(view: View) -> Iterator[Notice]:
    """Notices per organisation, as the warehouse has them."""
    for organisation, is_rounded, ids, events, profiles, written, profile_id in view.rows(_DAMAGED):
        of = f" of {organisation}" if organisation else ""
        said = f"{events:,} restriction{'' if events == 1 else 's'}"
        if is_rounded:
            message = (
                f"{ids:,} profile id{'' if ids == 1 else 's'}{of} came as a number that was rounded, such as {masked_name(written)}: {said}"
                f" and {profiles:,} profile{'' if profiles == 1 else 's'} bear one, and different people may share it"
            )
        else:
            message = (
                f"{said} by {ids:,} profile id{'' if ids == 1 else 's'}{of} that no profile has, such as {masked_name(written)}, reach"
                f" nobody by that id; the profile {masked_name(profile_id)} has it but for case, punctuation or zeros"
            )
        yield Notice(KIND, message, where=f"profiles{of}", remedy=_REMEDY, organisation=organisation)
