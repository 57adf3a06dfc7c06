"""What analysts read of restrictions and permissions: every one with its scope, its time and whom it means (domain §2 to §4)."""

from collections.abc import Callable

from tests.lib.world import World

Worlds = Callable[..., World]


def test_a_flag_restricts_since_the_first_file_of_an_unbroken_run_or_since_the_rows_own_time(world: Worlds) -> None:
    """Every feed's files are counted by themselves, and only those that tell of the organisation."""
    small = world()
    small.profiles_of("crm", "2026-04-01", """
        profile_id | organisation | email     | phone         | updated_at           | do_not_email | do_not_phone
        -----------+--------------+-----------+---------------+----------------------+--------------+-------------
        always     | o1           | a@x.test  |               |                      | yes          |
        again      | o1           | b@x.test  |               |                      | yes          |
        by_phone   | o1           | c@x.test  | +436641234567 |                      |              | yes
        now_timed  | o1           | d@x.test  |               |                      | yes          |
        timed      | o1           | e@x.test  |               | 2026-03-05T08:00:00Z | yes          |
        ahead      | o1           | f@x.test  |               | 2026-04-20T08:00:00Z | yes          |
        elsewhere  | o2           | g@x.test  |               |                      | yes          |
    """)  # fmt: skip
    small.profiles_of("shop", "2026-04-02", """
        profile_id | organisation | email     | do_not_email | do_not_phone
        -----------+--------------+-----------+--------------+-------------
        again      | o1           | b@x.test  |              |
    """)  # fmt: skip
    small.profiles_of("shop", "2026-04-03", """
        profile_id | organisation | email     | do_not_email | do_not_phone
        -----------+--------------+-----------+--------------+-------------
        again      | o1           | b@x.test  | yes          |
    """)  # fmt: skip
    small.profiles_of("crm", "2026-04-05", """
        profile_id | organisation | email     | phone         | updated_at           | do_not_email | do_not_phone
        -----------+--------------+-----------+---------------+----------------------+--------------+-------------
        always     | o1           | a@x.test  |               |                      | yes          |
        again      | o1           | b@x.test  |               |                      |              | yes
        now_timed  | o1           | d@x.test  |               | 2026-04-04T08:00:00Z | yes          |
        timed      | o1           | e@x.test  |               | 2026-03-05T08:00:00Z | yes          |
    """)  # fmt: skip
    small.profiles_of("crm", "2026-04-09", """
        profile_id | organisation | email     | phone         | updated_at           | do_not_email | do_not_phone
        -----------+--------------+-----------+---------------+----------------------+--------------+-------------
        always     | o1           | a@x.test  |               |                      | yes          |
        again      | o1           | b@x.test  |               |                      | yes          |
        now_timed  | o1           | d@x.test  |               |                      | yes          |
        elsewhere  | o2           | g@x.test  |               |                      | yes          |
    """)  # fmt: skip
    small.does("build")
    small.holds("""(
        SELECT restriction.*, event_id AS profile, email_address AS email, phone_number AS phone
        FROM restriction
        LEFT JOIN (SELECT email_key, email_address FROM profile_record UNION SELECT email_key, email_address FROM profile_past)
            ON address_key = email_key
        LEFT JOIN (SELECT DISTINCT phone_key, phone_number FROM profile_past) ON address_key = phone_key
    )""", """
        profile   | scope_id | channel | occurred_from          | occurred_until         | reason    | email    | phone         | is_flag
        ----------+----------+---------+------------------------+------------------------+-----------+----------+---------------+--------
        always    | o1       | email   | 2026-04-01 08:00:00+00 | 2026-04-01 08:00:00+00 | opted_out | a@x.test |               | true
        again     | o1       | email   | 2026-04-01 08:00:00+00 | 2026-04-01 08:00:00+00 | opted_out | b@x.test |               | true
        again     | o1       | email   | 2026-04-03 08:00:00+00 | 2026-04-03 08:00:00+00 | opted_out | b@x.test |               | true
        again     | o1       | email   | 2026-04-09 08:00:00+00 | 2026-04-09 08:00:00+00 | opted_out | b@x.test |               | true
        again     | o1       | phone   | 2026-04-05 08:00:00+00 | 2026-04-05 08:00:00+00 | opted_out |          |               | true
        by_phone  | o1       | phone   | 2026-04-01 08:00:00+00 | 2026-04-01 08:00:00+00 | opted_out |          | +436641234567 | true
        now_timed | o1       | email   | 2026-04-01 08:00:00+00 | 2026-04-01 08:00:00+00 | opted_out | d@x.test |               | true
        now_timed | o1       | email   | 2026-04-04 08:00:00+00 | 2026-04-04 08:00:00+00 | opted_out | d@x.test |               | true
        now_timed | o1       | email   | 2026-04-09 08:00:00+00 | 2026-04-09 08:00:00+00 | opted_out | d@x.test |               | true
        timed     | o1       | email   | 2026-03-05 08:00:00+00 | 2026-03-05 08:00:00+00 | opted_out | e@x.test |               | true
        ahead     | o1       | email   | 2026-04-01 08:00:00+00 | 2026-04-01 08:00:00+00 | opted_out | f@x.test |               | true
        elsewhere | o2       | email   | 2026-04-01 08:00:00+00 | 2026-04-01 08:00:00+00 | opted_out | g@x.test |               | true
    """)  # fmt: skip


def test_a_restriction_has_its_scope_and_means_the_profiles_and_persons_behind_the_name(world: Worlds) -> None:
    """A complaint about an organisation's message is an opt-out of it, else of the group; who nobody is means nobody."""
    small = world(max_rejected="100%")
    small.profiles("""
        profile_id | organisation | email          | external_id
        -----------+--------------+----------------+------------
        anna       | o1           | anna@x.test    | 7
        also_anna  | o1           | anna@y.test    | 7
        tagged     | o2           | anna+b@x.test  |
        bert       | o1           | bert@x.test    |
        bert       | o2           | other@x.test   |
    """)  # fmt: skip
    small.consents("""
        event_id | occurred_at          | action          | actor | address       | profile_id | organisation | reason | scope
        ---------+----------------------+-----------------+-------+---------------+------------+--------------+--------+------
        by name  | 2026-04-01T08:00:00Z | opt_out         | owner | anna@x.test   |            |              | bored  |
        by id    | 2026-04-01T08:00:00Z | opt_out_request | staff |               | anna       | o1           |        |
        any bert | 2026-04-01T08:00:00Z | opt_out         | owner |               | bert       |              |        | group
        nobody   | 2026-04-01T08:00:00Z | pause           | owner | zoe@x.test    |            |              |        |
        yes      | 2026-04-01T08:00:00Z | opt_in          | owner | anna@x.test   |            |              |        |
    """)  # fmt: skip
    small.deliveries("""
        event_id | occurred_at          | type      | address     | organisation
        ---------+----------------------+-----------+-------------+-------------
        ours     | 2026-04-02T08:00:00Z | complaint | bert@x.test | o1
        some     | 2026-04-02T08:00:00Z | complaint | bert@x.test |
        arrived  | 2026-04-02T08:00:00Z | delivered | bert@x.test | o1
    """)  # fmt: skip
    small.run()
    small.holds("(SELECT *, scope_id IS NULL AS is_unplaced FROM restriction)", """
        event_id | kind            | is_by_owner | scope        | scope_id | is_unplaced | unplaced_profile_id | reason    | is_flag
        ---------+-----------------+-------------+--------------+----------+-------------+---------------------+-----------+--------
        by name  | opt_out         | true        | organisation | o1       | false       |                     | bored     | false
        by id    | opt_out_request | false       | organisation | o1       | false       |                     |           | false
        any bert | opt_out         | true        | group        |          | false       | bert                |           | false
        nobody   | pause           | true        | organisation | o1       | false       |                     |           | false
        ours     | opt_out         | true        | organisation | o1       | false       |                     | complaint | false
        some     | opt_out         | true        | group        |          | false       |                     | complaint | false
    """)  # fmt: skip
    known = """
        INNER JOIN restriction ON meant.restriction_no = restriction.restriction_no
        LEFT JOIN profile_record ON meant.profile_key = profile_record.profile_key
    """
    named = "event_id, organisation, profile_id, meant.profile_key IS NULL AS is_nobody"
    small.holds(f"(SELECT {named} FROM restriction_profile AS meant {known})", """
        event_id | organisation | profile_id | is_nobody
        ---------+--------------+------------+----------
        by id    | o1           | anna       | false
        any bert | o1           | bert       | false
        any bert | o2           | bert       | false
    """)  # fmt: skip
    small.holds(f"(SELECT {named}, is_named, person_key IS NULL AS is_without_person FROM restriction_holder AS meant {known})", """
        event_id | organisation | profile_id | is_named | is_nobody | is_without_person
        ---------+--------------+------------+----------+-----------+------------------
        by name  | o1           | anna       | true     | false     | false
        by name  | o2           | tagged     | false    | false     | false
        ours     | o1           | bert       | true     | false     | false
        some     | o1           | bert       | true     | false     | false
    """)  # fmt: skip
    persons = "SELECT event_id, count(*) AS persons FROM restriction_person INNER JOIN restriction USING (restriction_no) GROUP BY ALL"
    small.holds(f"({persons})", """
        event_id | persons
        ---------+--------
        by name  | 1
        by id    | 1
        any bert | 2
        ours     | 1
        some     | 1
    """)  # fmt: skip


def test_a_confirmation_has_the_newest_request_before_it_of_the_same_place_channel_and_address(world: Worlds) -> None:
    """Where owner and staff asked at one moment, the owner did not ask."""
    small = world(max_rejected="100%")
    small.profiles("""
        profile_id | organisation | email       | phone         | updated_at
        -----------+--------------+-------------+---------------+---------------------
        two        | o1           | anna@x.test | +436641234567 | 2026-01-01T08:00:00Z
    """)  # fmt: skip
    small.consents("""
        event_id | occurred_at          | action         | actor | channel | address     | profile_id | organisation | scope | scope_id
        ---------+----------------------+----------------+-------+---------+-------------+------------+--------------+-------+---------
        q1       | 2026-04-01T08:00:00Z | opt_in_request | owner | any     | anna@x.test |            |              |       |
        q2       | 2026-04-03T08:00:00Z | opt_in_request | owner | any     | anna@x.test |            |              |       |
        q3       | 2026-04-06T08:00:00Z | opt_in_request | owner | any     | anna@x.test |            |              |       |
        q4       | 2026-04-09T08:00:00Z | opt_in_request | owner | any     | anna@x.test |            |              |       |
        a1       | 2026-04-06T08:00:00Z | opt_in_confirm | owner | any     | anna@x.test |            |              |       |
        a2       | 2026-04-06T09:00:00Z | opt_in_confirm | owner | email   | anna@x.test |            |              |       |
        a3       | 2026-04-07T08:00:00Z | opt_in_confirm | owner | any     |             | two        | o1           |       |
        a4       | 2026-04-07T08:00:00Z | opt_in_confirm | owner | any     | anna@x.test |            |              | brand | b1
        r1       | 2026-04-01T08:00:00Z | opt_in_request | owner | any     | bert@x.test |            |              | list  | l1
        r2       | 2026-04-02T08:00:00Z | opt_in_request | owner | any     | bert@x.test |            |              | list  | l2
        r3       | 2026-04-02T08:00:00Z | opt_in_request | staff | any     | bert@x.test |            |              | list  | l2
        c1       | 2026-04-05T08:00:00Z | opt_in_confirm | owner | any     | bert@x.test |            |              | list  | l1
        c2       | 2026-04-05T08:00:00Z | opt_in_confirm | owner | any     | bert@x.test |            |              | list  | l2
        c3       | 2026-04-05T08:00:00Z | opt_in_confirm | owner | any     | bert@x.test |            |              | list  | l3
        s1       | 2026-04-02T08:00:00Z | opt_in_request | staff | any     | cora@x.test |            |              | list  | l2
        s2       | 2026-04-02T08:00:00Z | opt_in_request | owner | any     | cora@x.test |            |              | list  | l2
        s3       | 2026-04-05T08:00:00Z | opt_in_confirm | owner | any     | cora@x.test |            |              | list  | l2
    """)  # fmt: skip
    small.run()
    small.holds("(SELECT * FROM permission WHERE action <> 'opt_in_request')", """
        event_id | request_from           | is_request_by_owner | organisation | brand | list
        ---------+------------------------+---------------------+--------------+-------+-----
        a1       | 2026-04-03 08:00:00+00 | true                | o1           |       |
        a2       | 2026-04-06 09:00:00+00 | true                | o1           |       |
        a3       | 2026-04-06 08:00:00+00 | true                | o1           |       |
        a3       | 2026-04-07 08:00:00+00 | true                | o1           |       |
        a4       | 2026-04-07 08:00:00+00 | true                | o1           | b1    |
        c1       | 2026-04-01 08:00:00+00 | true                | o1           | b1    | l1
        c2       | 2026-04-02 08:00:00+00 | false               | o1           | b1    | l2
        c3       | 2026-04-05 08:00:00+00 | true                | o1           | b2    | l3
        s3       | 2026-04-02 08:00:00+00 | false               | o1           | b1    | l2
    """)  # fmt: skip


def test_what_staff_allow_is_founded_with_a_legal_basis_and_an_explanation(world: Worlds) -> None:
    small = world()
    small.profiles("email\n-----------\nanna@x.test")
    small.consents("""
        event_id | occurred_at          | action  | actor | address     | legal_basis | explanation
        ---------+----------------------+---------+-------+-------------+-------------+------------
        both     | 2026-04-07T08:00:00Z | opt_in  | staff | anna@x.test | consent     | on paper
        basis    | 2026-04-07T08:00:00Z | opt_in  | staff | anna@x.test | consent     |
        words    | 2026-04-07T08:00:00Z | opt_in  | staff | anna@x.test |             | on paper
        no       | 2026-04-01T08:00:00Z | opt_out | staff | anna@x.test | consent     | on paper
    """)
    small.run()
    small.holds("permission", """
        event_id | is_founded | is_explained
        ---------+------------+-------------
        both     | true       | true
        basis    | false      | false
        words    | false      | true
    """)  # fmt: skip
