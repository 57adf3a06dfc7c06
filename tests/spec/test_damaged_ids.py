"""A profile id that a spreadsheet has written otherwise restricts nobody, and people are told so."""

from collections.abc import Callable

from tests.lib.workspaces import presend
from tests.lib.world import World

PROFILES = ("17", "A-5", "8", "9", "4.37E+11", "0031")
"""Whose opt-out came as 0017, a5.0, 8 and 9; the last but one was somebody's number."""


def _opt_out(profile_id: str) -> dict[str, object]:
    return {"occurred_at": "2026-04-01T08:00:00Z", "action": "opt_out", "scope": "organisation", "scope_id": "o1",
            "organisation": "o1", "profile_id": profile_id}  # fmt: skip


def test_an_opt_out_of_an_id_that_no_profile_has_but_for_its_zeros_or_case_is_named(world: Callable[..., World]) -> None:
    """An id that nothing resembles is somebody who is gone: no word of it. Ids that were rounded are named wherever they stand."""
    small = world()
    small.step["profiles"] = [{"profile_id": name, "email": f"p{place}@x.test"} for place, name in enumerate(PROFILES)]
    small.step["consent"] = [_opt_out(name) for name in ("0017", "a5.0", "8", "31", "1,2e+12", "777")]
    small.decides("""
        candidate | profile  | reasons
        ----------+----------+-----------------------
        p0@x.test | 17       |
        p1@x.test | A-5      |
        p2@x.test | 8        | opted_out_organisation
        p3@x.test | 9        |
        p4@x.test | 4.37E+11 |
        p5@x.test | 0031     |
    """)
    assert small.run().code == 0
    said = [str(presend(small.folder, command).document) for command in ("status", "check")]
    for text in (*said, str(small.published().manifest["warnings"])):
        assert (
            "3 restrictions by 3 profile ids of o1 that no profile has, such as 0017, reach nobody by that id; the profile 17 has it"
            in text
        )
        assert "2 profile ids of o1 came as a number that was rounded" in text and "1 restriction and 1 profile bear" in text
        assert "777" not in text


def test_opt_outs_that_meet_their_profiles_are_not_named(world: Callable[..., World]) -> None:
    """Two profiles that differ in a zero are two profiles, each with its own opt-out."""
    small = world()
    small.step["profiles"] = [{"profile_id": name, "email": f"p{place}@x.test"} for place, name in enumerate(("17", "017", "18"))]
    small.step["consent"] = [_opt_out("17"), _opt_out("017")]
    small.decides("""
        candidate | profile | reasons
        ----------+---------+-----------------------
        p0@x.test | 17      | opted_out_organisation
        p1@x.test | 017     | opted_out_organisation
        p2@x.test | 18      |
    """)
    assert small.run().code == 0
    assert "that no profile has" not in str(presend(small.folder, "status").document)
