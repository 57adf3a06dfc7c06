"""Snapshots night after night: what they say without a time counts since the first night of an unbroken run (domain §2)."""

import json
from pathlib import Path

import duckdb

from pipeline.cli import invoke
from tests.lib.feeds import ORGANISATIONS
from tests.lib.tables import rows

FORM = "occurred_at,action,via,channel,address,scope,scope_id\n{at},opt_in_confirm,form,email,{address},organisation,o1\n"
RELEASE = "occurred_at,type,address,actor,explanation\n{at},release,{address},staff,asked by the owner\n"
MEMBERS = "Email Address,EUID\n"
FEEDS = {
    "brevo": {"source": "brevo_contacts", "organisation": "o1"},
    "listmonk": {"source": "listmonk_subscribers", "organisation": "o1"},
    "mailchimp": {"source": "mailchimp_audience", "organisation": "o1"},
    "sfmc": {"source": "sfmc_subscribers", "organisation": "o1"},
    "forms": {"source": "canonical_consent", "organisation": "o1"},
    "desk": {"source": "canonical_delivery", "organisation": "o1"},
}


def brevo(**blacklisted: str) -> str:
    """An export of Brevo's contacts: `a="Yes"` is a@x.at, blacklisted."""
    lines = "".join(f"{name}@x.at;{said}\n" for name, said in blacklisted.items())
    return f"EMAIL;EMAIL_BLACKLISTED\n{lines}"


def held(*names: str) -> str:
    """A list of Salesforce's subscribers, all of them held since an unknown day."""
    return "SubscriberKey,EmailAddress,Status\n" + "".join(f"k{name},{name}@x.at,Held\n" for name in names)


class Nights:
    """A workspace into which files arrive night after night."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._write("presend.yaml", json.dumps({"organisations": ORGANISATIONS, "policy": {"double_opt_in": "optional"}}))
        for name, feed in FEEDS.items():
            self._write(f"feeds/{name}.yaml", json.dumps({"max_rejected": "100%", **feed}))

    def night(self, day: str, files: dict[str, str]) -> None:
        """Let the files (`<feed>/<name>`) arrive on 2026-`day` at four o'clock UTC."""
        for name, content in files.items():
            self._write(f"landing/{name}", content)
        code, document = self._run("ingest", f"2026-{day}T04:00:00Z")
        assert code == 0, document

    def build(self, day: str) -> None:
        code, document = self._run("build", f"2026-{day}T04:00:00Z")
        assert code == 0, document

    def shows(self, query: str, table: str) -> None:
        """Demand exactly these rows of the warehouse, in any order; an empty cell is nothing."""
        expected = rows(table)
        names = list(expected[0]) if expected else ["1"]
        shown = ", ".join(f"coalesce(CAST({name} AS VARCHAR), '')" for name in names)
        with duckdb.connect(str(self.folder / "warehouse" / "presend.duckdb"), read_only=True) as con:
            con.execute("SET TimeZone = 'UTC'")
            found = sorted(con.execute(f"SELECT {shown} FROM {query}").fetchall())
        assert found == sorted(tuple(row.values()) for row in expected), "\n".join(" | ".join(row) for row in found)

    def _run(self, command: str, as_of: str) -> tuple[int, str]:
        return invoke(["--workspace", str(self.folder), "--json", command, "--as-of", as_of])

    def _write(self, name: str, content: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def test_what_a_snapshot_says_every_night_counts_since_the_first_night(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    nights.night("04-01", {"brevo/1.csv": brevo(a="No", b="No"), "sfmc/1.csv": held()})
    nights.night("04-02", {"brevo/2.csv": brevo(a="Yes", b="No"), "sfmc/2.csv": held("c")})
    nights.night("04-03", {"brevo/3.csv": brevo(a="yes", b="No", d="Yes"), "sfmc/3.csv": held("c", "e")})
    nights.night("04-04", {"brevo/4.csv": brevo(d="Yes", b="No", a="Yes"), "sfmc/4.csv": held("c", "e")})
    nights.build("04-05")
    nights.shows("(SELECT *, strftime(occurred_from, '%m-%d %H') AS since FROM consent_event)", """
        address | action  | since    | file  | row_number
        --------+---------+----------+-------+-----------
        a@x.at  | opt_out | 04-02 04 | 2.csv | 1
        d@x.at  | opt_out | 04-03 04 | 3.csv | 3
    """)  # fmt: skip
    nights.shows("(SELECT *, strftime(since, '%m-%d %H') AS night FROM quarantine)", """
        address | status      | reason             | night
        --------+-------------+--------------------+---------
        c@x.at  | quarantined | quarantined_manual | 04-02 04
        e@x.at  | quarantined | quarantined_manual | 04-03 04
    """)  # fmt: skip


def test_a_form_in_between_lifts_it_although_the_next_night_says_it_again(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    nights.night("04-01", {"brevo/1.csv": brevo(a="Yes", b="Yes"), "sfmc/1.csv": held("c", "d")})
    nights.night("04-02", {
        "brevo/2.csv": brevo(a="Yes", b="Yes"),
        "sfmc/2.csv": held("c", "d"),
        "forms/1.csv": FORM.format(at="2026-04-01T12:00:00Z", address="a@x.at"),
        "desk/1.csv": RELEASE.format(at="2026-04-01T12:00:00Z", address="c@x.at"),
    })  # fmt: skip
    nights.night("04-03", {"brevo/3.csv": brevo(b="Yes", a="Yes"), "sfmc/3.csv": held("d", "c")})
    nights.build("04-04")
    nights.shows("suppression", """
        subject | kind
        --------+-----------
        b@x.at  | opt_out
        d@x.at  | quarantine
    """)  # fmt: skip


def test_a_silent_night_breaks_the_run_and_what_is_said_again_is_a_new_restriction(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    nights.night("04-01", {"brevo/1.csv": brevo(a="Yes", b="Yes"), "sfmc/1.csv": held("c", "d")})
    nights.night("04-02", {
        "brevo/2.csv": brevo(a="No", b="Yes"),
        "sfmc/2.csv": held("d"),
        "forms/1.csv": FORM.format(at="2026-04-01T12:00:00Z", address="a@x.at"),
        "desk/1.csv": RELEASE.format(at="2026-04-01T12:00:00Z", address="c@x.at"),
    })  # fmt: skip
    nights.night("04-03", {"brevo/3.csv": brevo(a="Yes", b="Yes", x="No"), "sfmc/3.csv": held("d", "c")})
    nights.build("04-04")
    nights.shows("(SELECT *, strftime(since, '%m-%d') AS night FROM suppression)", """
        subject | kind       | night
        --------+------------+------
        a@x.at  | opt_out    | 04-03
        b@x.at  | opt_out    | 04-01
        c@x.at  | quarantine | 04-03
        d@x.at  | quarantine | 04-01
    """)  # fmt: skip
    nights.shows("consent_event WHERE address = 'a@x.at' AND action = 'opt_out'", """
        address | occurred_from::DATE | received_at::DATE | file
        --------+---------------------+-------------------+------
        a@x.at  | 2026-04-01          | 2026-04-01        | 1.csv
        a@x.at  | 2026-04-03          | 2026-04-03        | 3.csv
    """)  # fmt: skip


def test_a_night_without_somebody_and_a_refused_file(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    nights.night("04-01", {"brevo/1.csv": brevo(a="Yes", b="No"), "sfmc/1.csv": held("c")})
    # Not to be in the file is a silence; a file that cannot be read says nothing about the night.
    nights.night("04-02", {"brevo/2.csv": brevo(b="No")})
    nights.folder.joinpath("landing/sfmc/2.csv").write_text("no,such,columns\n1,2,3\n", encoding="utf-8")
    assert nights._run("ingest", "2026-04-02T04:00:00Z")[0] == 11
    nights.night("04-03", {"brevo/3.csv": brevo(a="Yes", c="No"), "sfmc/3.csv": held("c", "d")})
    nights.build("04-04")
    nights.shows("(SELECT *, strftime(occurred_from, '%m-%d') AS night FROM consent_event)", """
        address | night
        --------+------
        a@x.at  | 04-01
        a@x.at  | 04-03
    """)  # fmt: skip
    nights.shows("(SELECT *, strftime(occurred_from, '%m-%d') AS night FROM delivery_event)", """
        address | night
        --------+------
        c@x.at  | 04-01
        d@x.at  | 04-03
    """)  # fmt: skip


def test_the_same_bytes_again_under_another_name_are_a_new_snapshot(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    said, silent = brevo(a="Yes", b="No"), brevo(a="No", b="No")
    nights.night("04-01", {"brevo/1.csv": said})
    nights.night("04-02", {"brevo/2.csv": said})
    nights.night("04-03", {"brevo/3.csv": silent})
    nights.night("04-04", {"brevo/4.csv": said})
    nights.build("04-06")
    nights.shows("(SELECT *, strftime(occurred_from, '%m-%d') AS night, strftime(received_at, '%m-%d') AS received FROM consent_event)", """
        address | night | received
        --------+-------+---------
        a@x.at  | 04-01 | 04-01
        a@x.at  | 04-04 | 04-04
    """)  # fmt: skip
    nights.shows("(SELECT *, strftime(since, '%m-%d') AS night FROM suppression)", """
        subject | night
        --------+------
        a@x.at  | 04-01
        a@x.at  | 04-04
    """)  # fmt: skip


def test_a_restriction_with_its_own_time_keeps_it_and_moves_with_nothing(tmp_path: Path) -> None:
    header = "Email Address,EUID,UNSUB_TIME\n"
    nights = Nights(tmp_path)
    nights.night("04-01", {"mailchimp/unsubscribed_1.csv": header + "a@x.at,e1,2026-03-01 12:00:00\nb@x.at,e2,\n"})
    nights.night("04-02", {"mailchimp/unsubscribed_2.csv": header + "c@x.at,e3,\n"})
    nights.night("04-03", {"mailchimp/unsubscribed_3.csv": header + "b@x.at,e2,\na@x.at,e1,2026-03-01 12:00:00\n"})
    nights.build("04-04")
    nights.shows("(SELECT *, strftime(occurred_from, '%m-%d') AS night FROM consent_event)", """
        address | night
        --------+------
        a@x.at  | 03-01
        b@x.at  | 04-01
        b@x.at  | 04-03
        c@x.at  | 04-02
    """)  # fmt: skip


def test_the_three_mailchimp_files_stand_side_by_side(tmp_path: Path) -> None:
    def files(night: int, subscribed: str, unsubscribed: str, cleaned: str) -> dict[str, str]:
        statuses = {"subscribed": subscribed, "unsubscribed": unsubscribed, "cleaned": cleaned}
        lines = {status: "".join(f"{name}@x.at,e-{name}\n" for name in names) for status, names in statuses.items()}
        return {f"mailchimp/{status}_{night}.csv": f"Email Address,EUID\n{text}" for status, text in lines.items()}

    nights = Nights(tmp_path)
    nights.night("04-01", files(1, "abc", "uv", "x"))
    # b leaves, v comes back, c bounces; nobody is in two files.
    nights.night("04-02", files(2, "av", "bu", "cx"))
    nights.build("04-03")
    nights.shows("profile", """
        profile_id | email
        -----------+--------
        e-a        | a@x.at
        e-b        | b@x.at
        e-c        | c@x.at
        e-u        | u@x.at
        e-v        | v@x.at
        e-x        | x@x.at
    """)  # fmt: skip
    nights.shows("(SELECT *, strftime(since, '%m-%d') AS night FROM suppression)", """
        subject | kind       | night
        --------+------------+------
        u@x.at  | opt_out    | 04-01
        v@x.at  | opt_out    | 04-01
        x@x.at  | quarantine | 04-01
        b@x.at  | opt_out    | 04-02
        c@x.at  | quarantine | 04-02
    """)  # fmt: skip
    nights.night("04-03", files(3, "a", "bu", "y"))
    nights.build("04-04")
    nights.shows("profile", """
        profile_id
        ----------
        e-a
        e-b
        e-u
        e-y
    """)  # fmt: skip


def test_a_file_that_is_written_over_every_night_is_a_new_snapshot_also_when_it_says_what_it_said_before(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    nights.night("04-01", {"brevo/all.csv": brevo(a="Yes", b="No")})
    nights.night("04-02", {"brevo/all.csv": brevo(a="No")})
    nights.night("04-03", {"brevo/all.csv": brevo(a="Yes", b="No")})
    nights.night("04-04", {"brevo/all.csv": brevo(a="Yes", b="No")})
    nights.build("04-05")
    nights.shows("(SELECT *, strftime(occurred_from, '%m-%d') AS night FROM consent_event)", """
        address | night
        --------+------
        a@x.at  | 04-01
        a@x.at  | 04-03
    """)  # fmt: skip
    nights.shows("profile", """
        profile_id
        ----------
        a@x.at
        b@x.at
    """)  # fmt: skip


def test_a_file_that_stands_beside_the_members_does_not_say_that_they_left(tmp_path: Path) -> None:
    """An opt-in by id means the address that the member had then: the unsubscribed, told last each night, do not end it."""
    nights = Nights(tmp_path)
    nights.night("04-01", {"mailchimp/subscribed_1.csv": MEMBERS + "a@x.at,e-a\n", "mailchimp/unsubscribed_1.csv": MEMBERS})
    nights.night("04-03", {"mailchimp/subscribed_2.csv": MEMBERS + "a@x.at,e-a\n", "mailchimp/unsubscribed_2.csv": MEMBERS})
    nights.night("04-05", {"forms/1.csv": "".join(["occurred_at,action,via,channel,profile_id,scope,scope_id\n", *(
        f"2026-04-{day}T12:00:00Z,opt_in,form,email,e-a,organisation,o1\n" for day in ("02", "04")
    )])})  # fmt: skip
    nights.build("04-06")
    nights.shows("""(
        SELECT strftime(consent_fact.occurred_from, '%m-%d') AS day, profile_record.email_address AS address
        FROM permission_placed
        INNER JOIN consent_fact ON permission_placed.event_no = consent_fact.event_no
        INNER JOIN profile_record ON permission_placed.address_key = profile_record.email_key
    )""", """
        day   | address
        ------+--------
        04-02 | a@x.at
        04-04 | a@x.at
    """)  # fmt: skip
