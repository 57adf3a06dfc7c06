"""The address that a profile held at a moment, as its files tell it (domain §3): moved, deleted, left out, back, in two feeds."""

from collections.abc import Callable

from tests.lib import workspaces
from tests.lib.tables import rows
from tests.lib.workspaces import write_rows
from tests.lib.world import World

PLACED = """(
    SELECT consent_fact.event_id, known.address
    FROM permission_placed
    INNER JOIN consent_fact ON permission_placed.event_no = consent_fact.event_no
    INNER JOIN (
        SELECT email_key AS address_key, email_address AS address FROM profile_past
        UNION SELECT email_key, email_address FROM profile_record
        UNION SELECT phone_key, phone_number FROM profile_past
        UNION SELECT phone_key, phone_number FROM profile_record
    ) AS known ON permission_placed.address_key = known.address_key
)"""


def said(small: World, table: str) -> None:
    """Opt-ins, unless the table says otherwise, that name a profile alone, at the times that it lists; then the warehouse is built."""
    events = []
    for row in rows(table):
        event = {"action": "opt_in", "scope": "organisation", "scope_id": "o1", "organisation": "o1", "via": "form"}
        events.append({**event, **{name: cell for name, cell in row.items() if cell}})
    write_rows(small.folder / "landing" / "consent" / "said.csv", workspaces.COLUMNS["consent"].split(), events)
    for command in ("ingest", "build"):
        small.does(command)


def test_an_opt_in_means_the_address_that_the_profile_held_then(world: Callable[..., World]) -> None:
    small = world(max_rejected="100%")
    small.profiles_of("crm", "2026-04-01", """
        profile_id | email     | updated_at
        -----------+-----------+---------------------
        moved      | m1@x.test | 2026-03-20T08:00:00Z
        returned   | r1@x.test | 2026-03-20T08:00:00Z
        left       | l1@x.test | 2026-03-20T08:00:00Z
        restarted  | c1@x.test | 2026-03-20T08:00:00Z
        renewed    | n1@x.test | 2026-03-20T08:00:00Z
        twice      | e0@x.test | 2026-03-20T08:00:00Z
        gone       | o1@x.test | 2026-03-20T08:00:00Z
        outdated   | g1@x.test | 2026-03-20T08:00:00Z
        nowhere    | h1@x.test | 2026-03-20T08:00:00Z
        passed_on  | i1@x.test | 2026-03-20T08:00:00Z
        canceller  | a1@x.test | 2026-03-20T08:00:00Z
        repeated   | p1@x.test | 2026-03-20T08:00:00Z
        slow       | q1@x.test | 2026-03-20T08:00:00Z
        older      | t1@x.test | 2026-03-20T08:00:00Z
        equal      | u1@x.test | 2026-03-20T08:00:00Z
        undated    | w1@x.test | 2026-03-20T08:00:00Z
        in_both    | y1@x.test | 2026-03-20T08:00:00Z
    """)  # fmt: skip
    small.profiles_of("shop", "2026-04-03", """
        profile_id | email     | updated_at
        -----------+-----------+---------------------
        outdated   | g3@x.test | 2026-03-01T08:00:00Z
        in_both    | y2@x.test | 2026-04-02T08:00:00Z
    """)  # fmt: skip
    small.profiles_of("crm", "2026-04-05", """
        profile_id | operation | email     | updated_at
        -----------+-----------+-----------+---------------------
        moved      | upsert    | m2@x.test | 2026-04-04T08:00:00Z
        returned   | delete    |           | 2026-04-02T08:00:00Z
        restarted  | delete    |           |
        restarted  | upsert    | c2@x.test | 2026-03-10T08:00:00Z
        renewed    | delete    |           |
        renewed    | upsert    | n2@x.test | 2026-04-04T08:00:00Z
        thrice     | upsert    | d1@x.test | 2026-04-04T08:00:00Z
        thrice     | delete    |           |
        thrice     | upsert    | d2@x.test | 2026-04-02T08:00:00Z
        twice      | upsert    | e1@x.test | 2026-04-02T08:00:00Z
        twice      | upsert    | e2@x.test | 2026-04-04T08:00:00Z
        gone       | delete    |           |
        gone       | upsert    | o2@x.test | 2026-04-04T08:00:00Z
        gone       | delete    |           |
        shared     | upsert    | f1@x.test | 2026-04-04T08:00:00Z
        outdated   | upsert    | g2@x.test | 2026-03-10T08:00:00Z
        passed_on  | delete    |           |
        undated    | delete    |           | 2026-04-04T08:00:00Z
        undated    | upsert    | w2@x.test |
    """)  # fmt: skip
    small.profiles_of("shop", "2026-04-06", """
        profile_id | operation | email     | updated_at
        -----------+-----------+-----------+---------------------
        shared     | upsert    | f2@x.test | 2026-04-02T08:00:00Z
        nowhere    | upsert    | h2@x.test | 2026-03-01T08:00:00Z
        passed_on  | upsert    | i2@x.test | 2026-04-05T20:00:00Z
    """)  # fmt: skip
    small.profiles_of("crm", "2026-04-07", """
        profile_id | organisation | email
        -----------+--------------+----------
        stranger   | o2           | s1@x.test
    """)  # fmt: skip
    small.profiles_of("crm", "2026-04-10", """
        profile_id | operation | email     | updated_at
        -----------+-----------+-----------+---------------------
        returned   | upsert    | r1@x.test | 2026-04-08T08:00:00Z
        corrected  | upsert    | k1@x.test | 2026-04-09T08:00:00Z
    """)  # fmt: skip
    small.profiles_of("crm", "2026-04-15", """
        profile_id | email     | updated_at
        -----------+-----------+---------------------
        corrected  | k2@x.test | 2026-04-03T08:00:00Z
        returned   | r1@x.test | 2026-04-08T08:00:00Z
        repeated   | p1@x.test | 2026-03-20T08:00:00Z
        slow       | q2@x.test | 2026-03-25T08:00:00Z
        older      | t2@x.test | 2026-03-10T08:00:00Z
        equal      | u2@x.test | 2026-03-20T08:00:00Z
        in_both    | y1@x.test | 2026-03-20T08:00:00Z
        doubled    | v1@x.test | 2026-04-14T08:00:00Z
        doubled    | v2@x.test | 2026-04-14T08:00:00Z
    """)  # fmt: skip
    small.profiles_of("crm", "2026-04-20", """
        profile_id | email     | updated_at
        -----------+-----------+---------------------
        left       | l1@x.test | 2026-04-18T08:00:00Z
        returned   | r1@x.test | 2026-04-08T08:00:00Z
        repeated   | p2@x.test | 2026-04-05T08:00:00Z
        older      | t3@x.test | 2026-04-10T08:00:00Z
        in_both    | y1@x.test | 2026-03-20T08:00:00Z
    """)  # fmt: skip
    small.profiles_of("shop", "2026-04-21", """
        profile_id | email     | updated_at
        -----------+-----------+---------------------
        shared     | f3@x.test | 2026-04-20T08:00:00Z
    """)  # fmt: skip
    said(small, """
        profile_id | event_id        | occurred_at          | action
        -----------+-----------------+----------------------+---------------
        moved      | moved.03-10     | 2026-03-10T08:00:00Z |
        moved      | moved.04-03     | 2026-04-03T08:00:00Z |
        moved      | moved.04-04     | 2026-04-04T12:00:00Z |
        moved      | moved.04-08     | 2026-04-08T08:00:00Z |
        returned   | returned.04-03  | 2026-04-03T08:00:00Z |
        returned   | returned.04-07  | 2026-04-07T08:00:00Z |
        returned   | returned.04-09  | 2026-04-09T08:00:00Z |
        returned   | returned.04-11  | 2026-04-11T08:00:00Z |
        left       | left.04-14      | 2026-04-14T08:00:00Z |
        left       | left.04-17      | 2026-04-17T08:00:00Z |
        left       | left.04-19      | 2026-04-19T08:00:00Z |
        left       | left.04-21      | 2026-04-21T08:00:00Z |
        restarted  | restarted.04-07 | 2026-04-07T08:00:00Z |
        renewed    | renewed.04-04   | 2026-04-04T12:00:00Z |
        renewed    | renewed.04-07   | 2026-04-07T08:00:00Z |
        thrice     | thrice.04-07    | 2026-04-07T08:00:00Z |
        twice      | twice.04-03     | 2026-04-03T08:00:00Z |
        twice      | twice.04-04     | 2026-04-04T12:00:00Z |
        gone       | gone.04-07      | 2026-04-07T08:00:00Z |
        shared     | shared.04-03    | 2026-04-03T08:00:00Z |
        shared     | shared.04-17    | 2026-04-17T08:00:00Z |
        outdated   | outdated.04-07  | 2026-04-07T08:00:00Z |
        nowhere    | nowhere.04-07   | 2026-04-07T08:00:00Z |
        nowhere    | nowhere.04-17   | 2026-04-17T08:00:00Z |
        nowhere    | nowhere.04-22   | 2026-04-22T08:00:00Z |
        passed_on  | passed_on.04-05 | 2026-04-05T23:00:00Z |
        passed_on  | passed_on.04-07 | 2026-04-07T08:00:00Z |
        undated    | undated.04-07   | 2026-04-07T08:00:00Z |
        in_both    | in_both.04-01   | 2026-04-01T08:00:00Z |
        in_both    | in_both.04-10   | 2026-04-10T08:00:00Z |
        in_both    | in_both.04-17   | 2026-04-17T08:00:00Z |
        in_both    | in_both.04-22   | 2026-04-22T08:00:00Z |
        canceller  | canceller.04-03 | 2026-04-03T08:00:00Z | opt_out_cancel
        corrected  | corrected.04-12 | 2026-04-12T08:00:00Z |
        corrected  | corrected.04-17 | 2026-04-17T08:00:00Z |
        repeated   | repeated.04-04  | 2026-04-04T08:00:00Z |
        repeated   | repeated.04-10  | 2026-04-10T08:00:00Z |
        repeated   | repeated.04-21  | 2026-04-21T08:00:00Z |
        slow       | slow.03-28      | 2026-03-28T08:00:00Z |
        older      | older.04-12     | 2026-04-12T08:00:00Z |
        older      | older.04-17     | 2026-04-17T08:00:00Z |
        older      | older.04-21     | 2026-04-21T08:00:00Z |
        equal      | equal.04-10     | 2026-04-10T08:00:00Z |
        equal      | equal.04-17     | 2026-04-17T08:00:00Z |
        doubled    | doubled.04-14   | 2026-04-14T12:00:00Z |
    """)  # fmt: skip
    small.holds(PLACED, """
        event_id        | address
        ----------------+----------
        canceller.04-03 | a1@x.test
        corrected.04-12 | k1@x.test
        corrected.04-17 | k2@x.test
        doubled.04-14   | v2@x.test
        equal.04-10     | u1@x.test
        equal.04-17     | u2@x.test
        in_both.04-01   | y1@x.test
        in_both.04-10   | y2@x.test
        in_both.04-17   | y2@x.test
        in_both.04-22   | y1@x.test
        left.04-14      | l1@x.test
        left.04-21      | l1@x.test
        moved.04-03     | m1@x.test
        moved.04-04     | m2@x.test
        moved.04-08     | m2@x.test
        nowhere.04-07   | h1@x.test
        nowhere.04-17   | h2@x.test
        older.04-12     | t1@x.test
        older.04-17     | t2@x.test
        older.04-21     | t3@x.test
        outdated.04-07  | g1@x.test
        passed_on.04-07 | i2@x.test
        renewed.04-04   | n1@x.test
        renewed.04-07   | n2@x.test
        repeated.04-04  | p1@x.test
        repeated.04-10  | p2@x.test
        repeated.04-21  | p2@x.test
        restarted.04-07 | c2@x.test
        returned.04-03  | r1@x.test
        returned.04-11  | r1@x.test
        shared.04-17    | f2@x.test
        slow.03-28      | q2@x.test
        thrice.04-07    | d2@x.test
        twice.04-03     | e1@x.test
        twice.04-04     | e2@x.test
        undated.04-07   | w2@x.test
    """)  # fmt: skip


def test_the_channel_says_which_of_the_profiles_addresses_is_meant(world: Callable[..., World]) -> None:
    """An event that names an address as well means that one."""
    small = world(max_rejected="100%")
    small.profiles_of("crm", "2026-04-01", """
        profile_id | email     | phone         | updated_at
        -----------+-----------+---------------+---------------------
        anna       | a1@x.test | +436641234567 | 2026-03-20T08:00:00Z
        bert       | b1@x.test |               | 2026-03-20T08:00:00Z
    """)  # fmt: skip
    said(small, """
        profile_id | event_id | occurred_at          | action  | channel | address
        -----------+----------+----------------------+---------+---------+----------
        anna       | e-mail   | 2026-04-02T08:00:00Z | opt_in  | email   |
        anna       | sms      | 2026-04-02T08:00:00Z | opt_in  | sms     |
        anna       | phone    | 2026-04-02T08:00:00Z | opt_in  | phone   |
        anna       | any      | 2026-04-02T08:00:00Z | opt_in  | any     |
        anna       | named    | 2026-04-02T08:00:00Z | opt_in  | any     | b1@x.test
        anna       | no       | 2026-04-02T08:00:00Z | opt_out | any     |
        bert       | by sms   | 2026-04-02T08:00:00Z | opt_in  | sms     |
    """)  # fmt: skip
    small.holds(PLACED, """
        event_id | address
        ---------+--------------
        e-mail   | a1@x.test
        sms      | +436641234567
        phone    | +436641234567
        any      | a1@x.test
        any      | +436641234567
    """)  # fmt: skip
    small.holds("permission", """
        event_id | action | organisation | brand
        ---------+--------+--------------+------
        e-mail   | opt_in | o1           |
        sms      | opt_in | o1           |
        phone    | opt_in | o1           |
        any      | opt_in | o1           |
        any      | opt_in | o1           |
        named    | opt_in | o1           |
    """)  # fmt: skip


def test_mailbox_and_number_have_each_their_own_history(world: Callable[..., World]) -> None:
    """A row that changes one says nothing of the other, a file about another organisation of neither; an empty cell is known as none."""
    small = world(max_rejected="100%")
    small.profiles_of("crm", "2026-04-01", """
        profile_id | organisation | email     | phone         | updated_at
        -----------+--------------+-----------+---------------+---------------------
        phoned     | o1           | a1@x.test | +436641234567 | 2026-03-20T08:00:00Z
        without    | o1           |           |               | 2026-03-20T08:00:00Z
        emptied    | o1           | c1@x.test |               | 2026-03-20T08:00:00Z
        late       | o1           | d1@x.test |               | 2026-03-20T08:00:00Z
        punctual   | o1           | k1@x.test |               | 2026-03-20T08:00:00Z
        renumbered | o1           | l1@x.test | +436641234567 | 2026-03-20T08:00:00Z
        equal      | o1           | e1@x.test |               | 2026-03-20T08:00:00Z
        back       | o1           | f1@x.test |               | 2026-03-20T08:00:00Z
        requester  | o1           | g1@x.test |               | 2026-03-20T08:00:00Z
        confirmer  | o1           | h1@x.test |               | 2026-03-20T08:00:00Z
        resumer    | o1           | i1@x.test |               | 2026-03-20T08:00:00Z
        elsewhere  | o2           | j1@x.test |               | 2026-03-20T08:00:00Z
    """)  # fmt: skip
    small.profiles_of("shop", "2026-04-03", """
        profile_id | email     | updated_at
        -----------+-----------+---------------------
        equal      | e2@x.test | 2026-03-20T08:00:00Z
    """)  # fmt: skip
    small.profiles_of("crm", "2026-04-07", """
        profile_id | organisation | email     | updated_at
        -----------+--------------+-----------+---------------------
        elsewhere  | o2           | j2@x.test | 2026-04-06T08:00:00Z
    """)  # fmt: skip
    small.profiles_of("crm", "2026-04-15", """
        profile_id | email     | phone         | updated_at
        -----------+-----------+---------------+---------------------
        phoned     | a1@x.test | +436641234568 | 2026-04-14T08:00:00Z
        without    | b2@x.test |               | 2026-03-10T08:00:00Z
        emptied    |           |               | 2026-04-14T08:00:00Z
        late       | d2@x.test |               | 2026-03-10T08:00:00Z
        punctual   | k2@x.test |               | 2026-03-10T08:00:00Z
        renumbered | l1@x.test | +436641234568 | 2026-03-10T08:00:00Z
    """)  # fmt: skip
    small.profiles_of("crm", "2026-04-20", """
        profile_id | email     | phone         | updated_at
        -----------+-----------+---------------+---------------------
        phoned     | a2@x.test | +436641234568 | 2026-04-10T08:00:00Z
        late       | d3@x.test |               | 2026-04-18T08:00:00Z
        punctual   | k3@x.test |               | 2026-04-15T08:00:00Z
        renumbered | l2@x.test | +436641234568 | 2026-03-25T08:00:00Z
    """)  # fmt: skip
    small.profiles_of("crm", "2026-04-21", """
        profile_id | operation | email     | updated_at
        -----------+-----------+-----------+---------------------
        back       | upsert    | f2@x.test | 2026-03-10T08:00:00Z
    """)  # fmt: skip
    said(small, """
        profile_id | event_id        | occurred_at          | action         | channel
        -----------+-----------------+----------------------+----------------+--------
        phoned     | phoned.04-09    | 2026-04-09T08:00:00Z | opt_in         | any
        phoned     | phoned.04-12    | 2026-04-12T08:00:00Z | opt_in         | any
        phoned     | phoned.04-17    | 2026-04-17T08:00:00Z | opt_in         | any
        without    | without.04-12   | 2026-04-12T08:00:00Z | opt_in         | email
        without    | without.04-17   | 2026-04-17T08:00:00Z | opt_in         | email
        emptied    | emptied.04-12   | 2026-04-12T08:00:00Z | opt_in         | email
        emptied    | emptied.04-17   | 2026-04-17T08:00:00Z | opt_in         | email
        late       | late.04-17      | 2026-04-17T08:00:00Z | opt_in         | email
        late       | late.04-19      | 2026-04-19T08:00:00Z | opt_in         | email
        punctual   | punctual.04-17  | 2026-04-17T08:00:00Z | opt_in         | email
        punctual   | punctual.04-21  | 2026-04-21T08:00:00Z | opt_in         | email
        renumbered | renumbered.04   | 2026-04-05T08:00:00Z | opt_in         | any
        equal      | equal.04-02     | 2026-04-02T08:00:00Z | opt_in         | email
        equal      | equal.04-05     | 2026-04-05T08:00:00Z | opt_in         | email
        back       | back.04-12      | 2026-04-12T08:00:00Z | opt_in         | email
        back       | back.04-17      | 2026-04-17T08:00:00Z | opt_in         | email
        back       | back.04-22      | 2026-04-22T08:00:00Z | opt_in         | email
        requester  | requester.04-12 | 2026-04-12T08:00:00Z | opt_in_request | email
        confirmer  | confirmer.04-12 | 2026-04-12T08:00:00Z | opt_in_confirm | email
        resumer    | resumer.04-12   | 2026-04-12T08:00:00Z | resume         | email
    """)  # fmt: skip
    small.holds(PLACED, """
        event_id        | address
        ----------------+--------------
        phoned.04-09    | a1@x.test
        phoned.04-09    | +436641234567
        phoned.04-12    | a2@x.test
        phoned.04-12    | +436641234567
        phoned.04-17    | a2@x.test
        phoned.04-17    | +436641234568
        renumbered.04   | l2@x.test
        renumbered.04   | +436641234567
        punctual.04-17  | k2@x.test
        punctual.04-21  | k3@x.test
        without.04-17   | b2@x.test
        emptied.04-12   | c1@x.test
        late.04-17      | d2@x.test
        late.04-19      | d3@x.test
        equal.04-02     | e1@x.test
        equal.04-05     | e2@x.test
        back.04-12      | f1@x.test
        back.04-22      | f2@x.test
        requester.04-12 | g1@x.test
        confirmer.04-12 | h1@x.test
        resumer.04-12   | i1@x.test
    """)  # fmt: skip
