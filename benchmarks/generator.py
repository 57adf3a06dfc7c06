"""An invented workspace of any size: n profiles, n/2 consent events, n/2 delivery events, in the canonical columns.

The shares are those of a mid-sized culture group: 80 % of the profiles belong to one of three organisations, five mail
providers, one profile in three with a mobile number, 2 % in shared mailboxes, 5 % stored twice under one customer
number, one address in ten written with capitals or spaces; of the consent events 20 % opt-outs and 72 % opt-ins, of the
delivery events mostly `delivered`, with hard bounces, complaints, and a few addresses that fail day after day.
"""

import sys
from pathlib import Path

import duckdb

MACROS = Path(__file__).with_name("generator.sql")
AS_OF = "2026-11-21T07:00:00Z"
CAMPAIGN = "weekly"
FURTHER_CAMPAIGN = "members"
SMALLEST = 300
"""Fewer profiles would hold no address that fails day after day."""

SETTINGS = """\
organisations:
  ufer:
    name: Kulturmeile am Ufer
    country: AT
    timezone: Europe/Vienna
    brands:
      galerie: {lists: [galerie-newsletter, galerie-members]}
      forum: {lists: [forum-news]}
  burg:
    name: Burgspiele
    country: AT
    timezone: Europe/Vienna
    brands:
      sommer: {lists: [sommer-news]}
  hof:
    name: Museum im Hof
    country: NL
    timezone: Europe/Amsterdam
    brands:
      museum: {lists: [museum-news]}
# Opt-out regime: the audience is most of the candidates, which is the dearer case for the gate and the files.
policy: {consent_required: none, double_opt_in: optional}
"""

CAMPAIGNS = {CAMPAIGN: ("galerie", "galerie-newsletter"), FURTHER_CAMPAIGN: ("forum", "forum-news")}

CAMPAIGN_SETTINGS = """\
organisation: ufer
brand: {brand}
list: {list}
channel: email
message_class: marketing
delivery_analysis_at: 2026-11-21T09:00:00+01:00
columns: [first_name, last_name, language]
formats: [csv, parquet]
"""

PROFILES = """
SELECT
    'P' || i AS profile_id,
    organisation_of(i) AS organisation,
    CASE
        WHEN draw(bits, 20, 1000) < 3 THEN ''
        WHEN draw(bits, 20, 1000) < 4 THEN 'keine Angabe'
        WHEN draw(bits, 20, 1000) < 60 THEN upper(address)
        WHEN draw(bits, 20, 1000) < 104 THEN ' ' || address || ' '
        ELSE address
    END AS email,
    CASE WHEN draw(bits, 30, 3) = 0 THEN '+43664' || lpad(((i * 7919) % 10000000)::VARCHAR, 7, '0') ELSE '' END AS phone,
    first_name(name_bits) AS first_name,
    last_name(name_bits) AS last_name,
    (1000 + draw(bits, 33, 8990))::VARCHAR AS postal_code,
    CASE WHEN organisation_of(i) = 'hof' THEN 'NL' ELSE 'AT' END AS country,
    CASE WHEN organisation_of(i) = 'hof' THEN 'nl' ELSE 'de' END AS language,
    moment(draw(bits, 36, 90000000)) AS updated_at,
    CASE
        WHEN (i // 2) % 20 = 7 THEN 'K' || (i - i % 2)
        WHEN draw(bits, 50, 4) = 0 THEN 'K' || i
        ELSE ''
    END AS external_id
FROM (
    SELECT
        i, digest(i, 'profile') AS bits, digest(mailbox_number(i), 'name') AS mailbox_bits, digest(i, 'name') AS name_bits,
        address_of(mailbox_number(i), mailbox_bits) AS address
    FROM range(getvariable('profiles')) AS numbers (i)
)
"""

CONSENT = """
SELECT
    'C' || j AS event_id,
    moment(draw(bits, 2, 90000000)) AS occurred_at,
    CASE
        WHEN draw(bits, 10, 100) < 20 THEN 'opt_out'
        WHEN draw(bits, 10, 100) < 80 THEN 'opt_in'
        WHEN draw(bits, 10, 100) < 92 THEN 'opt_in_confirm'
        ELSE 'opt_in_request'
    END AS action,
    'email' AS channel,
    address_of(mailbox_number(i), digest(mailbox_number(i), 'name')) AS address,
    organisation_of(i) AS organisation,
    scope,
    CASE scope
        WHEN 'group' THEN ''
        WHEN 'organisation' THEN organisation_of(i)
        WHEN 'brand' THEN CASE organisation_of(i)
            WHEN 'ufer' THEN pick(['galerie', 'forum'], draw(bits, 40, 2))
            WHEN 'burg' THEN 'sommer'
            ELSE 'museum'
        END
        ELSE CASE organisation_of(i)
            WHEN 'ufer' THEN pick(['galerie-newsletter', 'galerie-members', 'forum-news'], draw(bits, 40, 3))
            WHEN 'burg' THEN 'sommer-news'
            ELSE 'museum-news'
        END
    END AS scope_id,
    'owner' AS actor,
    CASE WHEN draw(bits, 10, 100) < 20 THEN pick(['one_click', 'preference_link', 'form'], draw(bits, 44, 3)) ELSE 'form' END AS via
FROM (
    SELECT
        j, digest(j, 'consent') AS bits, draw(digest(j, 'consenting'), 0, getvariable('profiles')) AS i,
        CASE
            WHEN draw(bits, 48, 100) < 50 THEN 'list'
            WHEN draw(bits, 48, 100) < 70 THEN 'brand'
            WHEN draw(bits, 48, 100) < 98 THEN 'organisation'
            ELSE 'group'
        END AS scope
    FROM range(getvariable('profiles') // 2) AS numbers (j)
)
"""

DELIVERY = """
SELECT
    'D' || j AS event_id,
    -- What fails day after day fails now; everything else lies somewhere in three years.
    moment(CASE WHEN is_failing THEN draw(bits, 2, 1700000) ELSE draw(bits, 2, 90000000) END) AS occurred_at,
    CASE
        WHEN is_failing OR draw(bits, 10, 1000) < 110 THEN 'bounce'
        WHEN draw(bits, 10, 1000) < 113 THEN 'complaint'
        WHEN draw(bits, 10, 1000) < 700 THEN 'delivered'
        ELSE 'sent'
    END AS type,
    'email' AS channel,
    address_of(mailbox_number(i), digest(mailbox_number(i), 'name')) AS address,
    CASE WHEN is_failing OR draw(bits, 10, 1000) BETWEEN 40 AND 109 THEN 'soft' WHEN draw(bits, 10, 1000) < 40 THEN 'hard' ELSE '' END
        AS bounce_class,
    CASE WHEN is_failing OR draw(bits, 10, 1000) BETWEEN 40 AND 109 THEN '4.4.1' WHEN draw(bits, 10, 1000) < 40 THEN '5.1.1' ELSE '' END
        AS status_code,
    organisation_of(i) AS organisation
FROM (
    SELECT
        j, digest(j, 'delivery') AS bits,
        j % 20 = 0 AS is_failing,
        CASE
            WHEN is_failing THEN draw(digest(j, 'recipient'), 0, getvariable('profiles') // 300) * 300
            ELSE draw(digest(j, 'recipient'), 0, getvariable('profiles'))
        END AS i
    FROM range(getvariable('profiles') // 2) AS numbers (j)
)
"""

FEEDS = {"profiles": PROFILES, "consent": CONSENT, "delivery": DELIVERY}


def write_workspace(folder: Path, profiles: int) -> None:
    """Write configuration and landing files of a workspace with so many profiles; the same number gives the same files.

    Raises ValueError for fewer than `SMALLEST`.
    """
    if profiles < SMALLEST:
        raise ValueError(f"{profiles} profiles: at least {SMALLEST} are needed")
    (folder / "feeds").mkdir(parents=True, exist_ok=True)
    (folder / "campaigns").mkdir(exist_ok=True)
    (folder / "presend.yaml").write_text(SETTINGS)
    for name, (brand, list_) in CAMPAIGNS.items():
        (folder / "campaigns" / f"{name}.yaml").write_text(CAMPAIGN_SETTINGS.format(brand=brand, list=list_))
    con = duckdb.connect()
    con.execute(MACROS.read_text())
    con.execute("SET VARIABLE profiles = $profiles", {"profiles": profiles})
    for feed, select in FEEDS.items():
        (folder / "feeds" / f"{feed}.yaml").write_text(f'source: canonical_{feed}\nfiles: "*.csv"\ntimezone: Europe/Vienna\nmax_age: 7d\n')
        (folder / "landing" / feed).mkdir(parents=True, exist_ok=True)
        con.sql(select).write_csv(str(folder / "landing" / feed / f"{feed}.csv"), header=True)


if __name__ == "__main__":
    write_workspace(Path(sys.argv[1]), int(sys.argv[2]))
