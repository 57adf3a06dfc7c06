"""A segment is one condition over profile columns; everything else is refused; what is let through runs and selects the right profiles."""

from datetime import UTC, datetime

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.config import Order, Segment
from pipeline.config.segment import PROFILE_COLUMNS, SegmentError

ATTRIBUTES = frozenset({"vip", "Age", "joined on", "x'y", 'q"r', "Select"})

REFUSED = [
    "country = {:1}",  # the parser stumbles
    # too few arguments
    "substr(country) = 'x'",
    "replace(country, 'a') = 'x'",
    "left(country) = 'x'",
    # nothing, or more than one expression
    "",
    "   ",
    "-- comment only",
    "1=1); DROP TABLE x; --",
    "country = 'AT'; DROP TABLE profile",
    "country = 'AT' order by 1",
    "country = 'AT', city = 'x'",
    "country = 'AT' union select 1",
    "select 1",
    "country = 'AT' as x",
    "country = 'unclosed",
    "country = 'AT' and",
    "(country = 'AT'",
    # not a condition
    "country",
    "1",
    "'true'",
    "null",
    "lower(city)",
    "vip and country = 'AT'",
    "not city",
    "case when city = 'x' then 1 else 0 end",
    "coalesce(city, 'x')",
    "country = 'AT' or 1",
    # subqueries, tables, files, settings
    "country in (select country from profile)",
    "exists (select 1)",
    "country = (select 'AT')",
    "country = any (select 'AT')",
    "country in vip",
    "country in unnest(['AT'])",
    "email in (from read_csv('/etc/passwd'))",
    "read_text('/etc/passwd') = 'x'",
    "getenv('HOME') = 'x'",
    "getvariable('x') = 'x'",
    "current_setting('threads') = '1'",
    "other.country = 'AT'",
    "work.profile.country = 'AT'",
    "a.b.c.d = 'x'",
    # parameters, stars, aggregates, windows, lambdas
    "country = ?",
    "country = $1",
    "country = $name",
    "* = 'x'",
    "columns(*) = 'x'",
    "profile.* = 'x'",
    "count(*) > 1",
    "max(country) = 'AT'",
    "row_number() over () < 5",
    "lower(city) over () = 'x'",
    "lower(city) filter (where true) = 'x'",
    "len(list_filter([1], lambda x: x > 0)) > 0",
    # clocks and chance
    "updated_at > now()",
    "updated_at > current_timestamp",
    "birth_date < current_date",
    "today() > birth_date",
    "random() < 0.5",
    "uuid() = 'x'",
    # what the allowed list does not name
    "city ~ 'x'",
    "regexp_matches(city, 'x')",
    "city similar to 'x'",
    "city glob 'x*'",
    "city like any ('x', 'y')",
    "city collate nocase = 'x'",
    "city[1] = 'x'",
    "[city] = ['x']",
    "{'a': city} = {'a': 'x'}",
    "(city, country) = ('x', 'AT')",
    "updated_at at time zone 'UTC' = updated_at",
    "updated_at > timestamp '2026-01-01' - interval 1 day",
    "e'a' = city",
    "hash(city) > 5",
    "repeat(city, 1000000) = 'x'",
    "cast(city as blob) = 'x'",
    "round(@) = 1",
    "cast(city as decimal(10, 2)) = 1",
    "city::json = 'x'",
    "if(vip = 'yes', true, false)",
    "trim(both from collate(city)) = 'x'",
    # kinds that do not go together, and literals that cannot be read
    "city = true",
    "5 = true",
    "updated_at > 5",
    "updated_at > 'soon'",
    "birth_date > '15.01.2026'",
    "birth_date between '1/15/1990' and '2/15/1990'",
    "age > '12,50'",
    "age < '1.234.567'",
    "age > 'old' + 1",
    "date '2026-13-01' > birth_date",
    "birth_date < cast('soon' as date)",
    "lower(5) = 'x'",
    "upper(updated_at) = 'x'",
    "abs(true) = 1",
    "substring(city, length(city)) = 'x'",
    "city between 1 and true",
    "city is true",
    "(city = 'x') + 1 = 2",
    "city like 'x' escape 'ab'",
    "not not not " * 2000 + "true",
    "(" * 3000 + "true" + ")" * 3000,
    "country = '" + "x" * 20_000 + "'",
]

SELECTED = [
    # condition, the profiles it selects
    ("country = 'AT'", "a b"),
    ("country = 'AT';", "a b"),
    ("COUNTRY = 'AT'", "a b"),
    ("\"country\" = 'AT'", "a b"),
    ("profile.country = 'AT'", "a b"),
    ("country = 'AT' and postal_code like '35%'", "a"),
    ("country <> 'AT' -- and more\n or false", "c d"),
    ("/* all */ true", "a b c d"),
    ("country in ('AT', 'NL')", "a b d"),
    ("country not in ('AT', 'NL')", "c"),
    ("not (country = 'AT' or country = 'NL')", "c"),
    ("city ilike 'WI%'", "b"),
    ("city not like '%i%'", "a"),
    ("city like 'Wien!%' escape '!'", ""),
    ("city is null", "d"),
    ("city is not null", "a b c"),
    ("city is distinct from 'Wien'", "a c d"),
    ("vip = 'yes'", "a c"),
    ("VIP = 'yes'", "a c"),
    ("vip = ''", "b d"),
    ("vip <> 'yes'", "b d"),
    ("coalesce(nullif(vip, ''), 'no') = 'no'", "b d"),
    ("age > 18", "a"),
    ("age > '18'", "a"),  # a number, also in quotes: letter by letter '9' and 'old' would be greater
    ("age between '9' and '17.5'", "d"),
    ("age = '9'", "d"),  # but a code is a text: '01' is not '1'
    ("age >= 'm'", "b"),
    ("birth_date < '1990-01-01'", "a"),
    ("birth_date in ('1985-05-05', '1990-01-01')", "a b"),
    ("age between 9 and 17.5", "d"),
    ("age in (9, 44)", "a d"),
    ("not age > 18", "d"),  # unreadable and empty ages are neither
    ("18 < age", "a"),
    ("age + 1 = 10", "d"),
    ("-age < -40", "a"),
    ("10 / (age - 9) > 0", "a"),  # dividing by zero has no value
    ("age % 0 = 0 or age // 0 = 0", ""),
    ("age % 2 = 0", "a"),
    ("round(age / 7, 1) = 6.3", "a"),
    ("abs(age - 50) < 10", "a"),
    ("case when country = 'AT' then vip = 'yes' else false end", "a"),
    ("case country when 'AT' then 1 when 'DE' then 2 else 0 end > 0", "a b c"),
    ("birth_date < date '1990-01-01'", "a"),
    ("birth_date >= cast('1990-01-01' as date)", "b"),
    ("cast(birth_date as date) between date '1980-01-01' and date '1999-12-31'", "a b"),
    ("try_cast(age as integer) is null", "b c"),
    ("cast(age as integer) = 44", "a"),
    ("age::double > 10", "a"),
    ("cast(44 as text) = age", "a"),
    ("updated_at >= '2026-03-01'", "c d"),
    ("updated_at < timestamp '2026-03-01 00:00:00'", "a b"),
    ("updated_at = '2026-01-01T00:00:00+00:00'", "a"),
    ("updated_at is null or updated_at > date '2026-03-31'", "d"),
    ("\"joined on\" > '2020-01-01'", "a"),
    ("\"x'y\" = 'it''s'", "b"),
    ('"q""r" = \'1\'', "c"),
    ("\"select\" = '1'", "d"),
    ("lower(trim(last_name)) = 'maier'", "a"),
    ("upper(left(last_name, 2)) = 'MA' or right(first_name, 1) = 'o'", "b"),
    ("substring(postal_code, 1, 2) = '35' or substr(postal_code, -2) = '10'", "a b"),
    ("length(postal_code) = 5", "c"),
    ("starts_with(email, 'a') or ends_with(email, '.de') or contains(email, 'dd')", "a c d"),
    ("concat(first_name, ' ', last_name) = 'Bo Mayr' or first_name || last_name = 'CarlRot'", "b c"),
    ("replace(postal_code, ' ', '') = '1012AB'", "d"),
    ("trim(both '_' from vip) = 'yes'", "a c"),
    (" or ".join(f"postal_code='{number}'" for number in range(3000, 3800)), "a"),
    ("(" * 30 + "true" + ")" * 30, "a b c d"),
]


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    texts = ", ".join(f'"{column}" VARCHAR' for column in sorted(PROFILE_COLUMNS - {"updated_at"}))
    con.execute(f"CREATE TABLE profile ({texts}, updated_at TIMESTAMPTZ, attributes MAP(VARCHAR, VARCHAR))")
    rows = [
        (
            "a",
            "anna@x.at",
            "Anna",
            " Maier",
            "1985-05-05",
            "3500",
            "Krems",
            "AT",
            1,
            {"vip": "yes", "Age": "44", "joined on": "2024-05-06"},
        ),
        ("b", "bo@x.at", "Bo", "Mayr", "1990-01-01", "1010", "Wien", "AT", 2, {"x'y": "it's", "Age": "old"}),
        ("c", "carl@x.de", "Carl", "Rot", "unknown", "10115", "Berlin", "DE", 3, {"vip": "yes", 'q"r': "1", "Age": ""}),
        ("d", "dd@x.nl", "Dirk", "Bos", "", "1012 AB", None, "NL", 4, {"Age": "9", "Select": "1"}),
    ]
    for name, email, first, last, born, code, city, country, month, attributes in rows:
        con.execute(
            "INSERT INTO profile BY NAME SELECT $1 AS profile_id, $2 AS email, $3 AS first_name, $4 AS last_name, $5 AS birth_date, "
            "$6 AS postal_code, $7 AS city, $8 AS country, $9::TIMESTAMPTZ AS updated_at, "
            "map($10::VARCHAR[], $11::VARCHAR[]) AS attributes",
            [
                name,
                email,
                first,
                last,
                born,
                code,
                city,
                country,
                datetime(2026, month, 1, tzinfo=UTC),
                list(attributes),
                list(attributes.values()),
            ],
        )
    return con


def selected(con: duckdb.DuckDBPyConnection, text: str) -> list[str]:
    where = Segment(text).sql(ATTRIBUTES)
    return [row[0] for row in con.execute(f"SELECT profile_id FROM profile WHERE {where} ORDER BY ALL").fetchall()]


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:50])
def test_refused(text: str) -> None:
    with pytest.raises(SegmentError) as error:
        Segment(text)
    assert error.value.exit_code == 10
    assert error.value.message and error.value.remedy
    assert len(str(error.value)) < 600


@pytest.mark.parametrize(("text", "profiles"), SELECTED, ids=lambda text: text[:50])
def test_selected(con: duckdb.DuckDBPyConnection, text: str, profiles: str) -> None:
    assert selected(con, text) == profiles.split()


def test_what_is_rendered_is_quoted() -> None:
    segment = Segment("Country = 'AT' /* ; drop table x */ and VIP = 'it''s' -- ; drop table x")
    assert segment.sql(ATTRIBUTES) == ("\"profile\".\"country\" = 'AT' AND COALESCE(\"profile\".\"attributes\"['vip'], '') = 'it''s'")
    assert segment.columns == {"country", "VIP"}


def test_a_column_that_no_profile_has_is_told_with_the_nearest() -> None:
    with pytest.raises(SegmentError, match="no profile has a column 'vipp'") as error:
        Segment("vipp = 'yes'").sql(ATTRIBUTES)
    assert error.value.remedy == "Did you mean 'vip'?"


def test_a_column_that_may_be_two_is_told() -> None:
    segment = Segment("Vip = 'yes'")
    with pytest.raises(SegmentError, match="'Vip' may be any of VIP, vip"):
        segment.sql(frozenset({"vip", "VIP"}))
    assert "['vip']" in Segment("vip = 'yes'").sql(frozenset({"vip", "VIP"})), "the exact spelling decides"


def test_an_attribute_cannot_stand_in_for_a_fixed_column() -> None:
    assert Segment("country = 'AT'").sql(frozenset({"country", "Country"})) == '"profile"."country" = \'AT\''


@pytest.mark.parametrize(
    ("text", "sql", "profiles"),
    [
        ("updated_at desc", '"profile"."updated_at" DESC NULLS LAST', "d c b a"),
        ("city", '"profile"."city" ASC NULLS FIRST', "d c a b"),
        ("city desc nulls first", '"profile"."city" DESC NULLS FIRST', "d b a c"),
        ("vip desc, last_name", None, "a c d b"),
        ("try_cast(age as integer) desc, profile_id asc", None, "a d b c"),
        ("length(postal_code) desc, lower(last_name) asc", None, "d c a b"),
    ],
)
def test_an_order(con: duckdb.DuckDBPyConnection, text: str, sql: str | None, profiles: str) -> None:
    rendered = Order(text).sql(ATTRIBUTES)
    assert sql in (None, rendered)
    assert [row[0] for row in con.execute(f"SELECT profile_id FROM profile ORDER BY {rendered}").fetchall()] == profiles.split()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "'x'",
        "updated_at; drop table x",
        "updated_at desc limit 5",
        "random()",
        "all",
        "updated_at descending",
        "(select 1)",
        "count(*)",
    ],
)
def test_a_refused_order(text: str) -> None:
    with pytest.raises(SegmentError):
        Order(text).sql(ATTRIBUTES)


@given(st.text(max_size=30))
@example("x'); DROP TABLE profile; --")
@example("\\'; --")
@example("\x00")
@example("%_!")
@settings(deadline=None, max_examples=100)
def test_no_literal_leaves_its_quotes(con: duckdb.DuckDBPyConnection, value: str) -> None:
    if "\x00" in value or any(0xD800 <= ord(character) < 0xE000 for character in value):
        return
    quoted = "'" + value.replace("'", "''") + "'"
    where = Segment(f"city = {quoted} or {quoted} = vip").sql(ATTRIBUTES)
    assert con.execute(
        f"SELECT count(*) FROM profile WHERE NOT coalesce(({where}), false) AND {quoted} = coalesce(city, '')"
    ).fetchall() == [(0,)]


OPERATORS = ["=", "<>", "<", ">=", "and", "or", "+", "-", "*", "/", "%", "//", "||", "like", "ilike", "is distinct from"]
FUNCTIONS = ["lower", "upper", "trim", "length", "abs", "round", "starts_with", "contains", "nullif", "coalesce", "concat", "not"]
COLUMNS = ["country", "vip", "age", "updated_at", "birth_date"]
VALUES = ["'AT'", "'1'", "'2026-01-01'", "''", "5", "0", "-1.5", "1e3", "null", "true", "date '2026-01-01'"]
LEAVES = st.sampled_from(COLUMNS) | st.sampled_from(VALUES)


def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Expressions of expressions, of all kinds, also such as do not go together."""
    operators = st.sampled_from(OPERATORS)
    functions = st.sampled_from(FUNCTIONS)
    types = st.sampled_from(["date", "timestamp", "integer", "double", "text", "timestamptz"])
    return st.one_of(
        st.tuples(inner, operators, inner).map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"),
        st.tuples(functions, st.lists(inner, min_size=1, max_size=2)).map(lambda parts: f"{parts[0]}({', '.join(parts[1])})"),
        st.tuples(inner, types).map(lambda parts: f"cast({parts[0]} as {parts[1]})"),
        st.tuples(inner, inner, inner).map(lambda parts: f"case when {parts[0]} then {parts[1]} else {parts[2]} end"),
        st.tuples(inner, inner, inner).map(lambda parts: f"({parts[0]} in ({parts[1]}, {parts[2]}))"),
        st.tuples(inner, inner, inner).map(lambda parts: f"({parts[0]} not between {parts[1]} and {parts[2]})"),
    )


@given(st.tuples(st.recursive(LEAVES, larger, max_leaves=8), st.recursive(LEAVES, larger, max_leaves=4)))
@settings(deadline=None, max_examples=200)
def test_whatever_is_let_through_runs(con: duckdb.DuckDBPyConnection, parts: tuple[str, str]) -> None:
    for text in (parts[0], f"{parts[0]} = {parts[1]}", f"{parts[0]} is null"):
        try:
            where = Segment(text).sql(ATTRIBUTES)
        except SegmentError:
            continue
        con.execute(f"SELECT count(*) FROM profile WHERE {where}").fetchall()
        con.execute(f"SELECT count(*) FROM profile WHERE NOT coalesce({where}, false)").fetchall()
