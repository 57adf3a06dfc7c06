"""pressure: the organisation's limit of messages per person and window is reached."""

from collections.abc import Callable

from tests.lib.world import World

Worlds = Callable[..., World]


def test_sent_and_planned_messages_of_the_organisation_count(world: Worlds) -> None:
    small = world(policy={"pressure": {"max_messages": 2, "per_days": 7}})
    small.profiles("""
        email
        --------------------
        twice@post.example.at
        once@post.example.at
        late@post.example.at
        away@post.example.at
        both@post.example.at
    """)
    small.deliveries("""
        occurred_at          | type | channel | address               | organisation
        ---------------------+------+---------+-----------------------+-------------
        2026-05-28T10:00:00Z | sent | any     | both@post.example.at  | o1
        2026-05-30T10:00:00Z | sent | email   | both@post.example.at  | o1
        2026-05-28T10:00:00Z | sent |         | twice@post.example.at | o1
        2026-05-30T10:00:00Z | sent |         | twice@post.example.at | o1
        2026-05-30T10:00:00Z | sent |         | once@post.example.at  | o1
        2026-05-20T10:00:00Z | sent |         | late@post.example.at  | o1
        2026-05-30T10:00:00Z | sent |         | late@post.example.at  | o1
        2026-05-28T10:00:00Z | sent |         | away@post.example.at  | o2
        2026-05-30T10:00:00Z | sent |         | away@post.example.at  | o2
    """)
    small.campaign("a-first")
    small.campaign("b-second")
    small.campaign("service", message_class="service", no_advertising_attested_by="the box office")
    # Campaigns of one moment are decided by their ids, and each sees those before it.
    small.decides("""
        candidate             | reasons
        ----------------------+---------
        twice@post.example.at | pressure
        both@post.example.at  | pressure
        once@post.example.at  |
        late@post.example.at  |
        away@post.example.at  |
    """, "a-first")  # fmt: skip
    small.decided("""
        candidate             | reasons
        ----------------------+---------
        twice@post.example.at | pressure
        both@post.example.at  | pressure
        once@post.example.at  | pressure
        late@post.example.at  | pressure
        away@post.example.at  |
    """, "b-second")  # fmt: skip
    assert small.published("service").exclusions == []


def test_every_occurrence_of_a_recurring_campaign_is_a_message_of_its_own(world: Worlds) -> None:
    """Published yesterday and not yet reported as sent: it counts today, also for the campaign itself, whatever was sent before.

    What was sent at the moment of publication is that occurrence's message.
    """
    small = world(policy={"pressure": {"max_messages": 2, "per_days": 7}})
    small.profiles("""
        email
        --------------------
        anna@post.example.at
        bert@post.example.at
    """)
    daily = {"cron": "0 11 * * *", "timezone": "Europe/Vienna"}
    small.campaign("c1", delivery_analysis_at=daily)
    small.decides("""
        candidate            | reasons
        ---------------------+--------
        anna@post.example.at |
        bert@post.example.at |
    """, as_of="2026-06-01T08:00:00+00:00")  # fmt: skip
    small.deliveries("""
        occurred_at          | type | address              | organisation | campaign
        ---------------------+------+----------------------+--------------+---------
        2026-06-01T09:10:00Z | sent | anna@post.example.at | o1           | c1
        2026-06-01T08:00:00Z | sent | bert@post.example.at | o1           | c1
    """)
    small.decides("""
        candidate            | reasons
        ---------------------+--------
        anna@post.example.at |
        bert@post.example.at |
    """, as_of="2026-06-02T08:00:00+00:00")  # fmt: skip
    small.campaign("other", as_of="2026-06-03T08:00:00+00:00")
    small.decides("""
        candidate            | reasons  | detail
        ---------------------+----------+------------
        anna@post.example.at | pressure | 2 in 7 days
        bert@post.example.at | pressure | 2 in 7 days
    """, as_of="2026-06-03T08:00:00+00:00")  # fmt: skip
    small.decided("""
        candidate            | reasons  | detail
        ---------------------+----------+------------
        anna@post.example.at | pressure | 2 in 7 days
        bert@post.example.at | pressure | 2 in 7 days
    """, "other")  # fmt: skip


def test_a_message_planned_for_another_spelling_of_the_mailbox_counts_once(world: Worlds) -> None:
    """Also where the company's keys do not make one person of those who hold a spelling each, however often a file says who does."""
    small = world(policy={"pressure": {"max_messages": 2, "per_days": 7}}, identity={"keys": ["external_id"]})
    for day in ("30", "31"):
        small.profiles(f"""
            profile_id | email            | city | updated_at
            -----------+------------------+------+---------------------
            anna       | anna@x.test      | Graz | 2026-05-{day}T08:00:00Z
            tagged     | anna+news@x.test | Wien | 2026-05-{day}T08:00:00Z
            bert       | bert@x.test      | Wien | 2026-05-{day}T08:00:00Z
        """)
        small.arrives(as_of=f"2026-05-{day}T09:00:00+00:00")
    small.campaign("a-first", segment="city = 'Graz'")
    small.campaign("b-second", segment="city = 'Wien'")
    small.campaign("c-third", segment="city = 'Wien'")
    small.decides("""
        profile | reasons
        --------+--------
        tagged  |
        bert    |
    """, "b-second")  # fmt: skip
    small.decided("""
        profile | reasons
        --------+---------
        tagged  | pressure
        bert    |
    """, "c-third")  # fmt: skip
