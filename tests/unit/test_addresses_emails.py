"""E-mail addresses, one value at a time: what is one, and how it is written (domain §1, §3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.addresses import Email, mailbox_of, read_email, unicode_form

SAME_ADDRESS = [
    # what stands in the cell, the address
    ("anna@example.at", "anna@example.at"),
    ("Anna.Huber@Example.AT", "anna.huber@example.at"),
    # white space and invisible signs round it
    ("  anna@example.at \r\n", "anna@example.at"),
    ("\u00a0anna@example.at\u00a0", "anna@example.at"),
    ("\ufeffanna@example.at\u200b", "anna@example.at"),
    # a display name and angle brackets
    ("<anna@example.at>", "anna@example.at"),
    ("Anna Huber <anna@example.at>", "anna@example.at"),
    ("Dr. Änne Müller <anna@example.at>", "anna@example.at"),
    ("Anna Huber (Büro) <anna@example.at>", "anna@example.at"),
    ('"Huber, Anna" <anna@example.at>', "anna@example.at"),
    ('"anna@example.at" < anna@example.at >', "anna@example.at"),
    ('"Anna \\"Anni\\" Huber" <anna@example.at>', "anna@example.at"),
    # what is allowed before the @
    ("o'neil+news/berlin=1@example.at", "o'neil+news/berlin=1@example.at"),
    ("{anna}@example.at", "{anna}@example.at"),
    ("50%@example.at", "50%@example.at"),
    ("*anna@example.at", "*anna@example.at"),
    ('"anna.huber"@example.at', "anna.huber@example.at"),
    ('"anna huber"@example.at', '"anna huber"@example.at'),
    ('"a@b"@example.at', '"a@b"@example.at'),
    # letters beyond ASCII: local part in NFC and lower case, domain as A-label
    ("ÄNNE@example.at", "änne@example.at"),
    ("a\u0308nne@example.at", "änne@example.at"),
    ("\u212aarl@example.at", "karl@example.at"),
    ("anna@MÜLLER.at", "anna@xn--mller-kva.at"),
    ("anna@mu\u0308ller.at", "anna@xn--mller-kva.at"),
    ("anna@xn--mller-kva.at", "anna@xn--mller-kva.at"),
    ("anna@XN--MLLER-KVA.AT", "anna@xn--mller-kva.at"),
    ("anna@straße.de", "anna@xn--strae-oqa.de"),
    ("anna@müller\u3002at", "anna@xn--mller-kva.at"),
    # reserved domains are a matter of policy, not of syntax
    ("anna@mail.local", "anna@mail.local"),
    ("anna@example.test", "anna@example.test"),
    ("anna@HOST.Localhost", "anna@host.localhost"),
    ("anna@müller.invalid", "anna@xn--mller-kva.invalid"),
]

NO_ADDRESS = [
    "",
    " ",
    "anna",
    "@example.at",
    "anna@",
    "anna@example",
    # what is written for "any"
    "*@example.at",
    "%@example.at",
    " <**@example.at> ",
    '"*"@example.at',
    "*.*@example.at",
    "anna@localhost",
    "anna@example.123",
    # more than one address, or anything beside it
    "anna@example.at, berta@example.at",
    "anna@example.at;berta@example.at",
    "anna@example.at berta@example.at",
    "anna@example.at;",
    "anna@example.at (Büro)",
    "anna@example.at privat",
    "(Büro) anna@example.at",
    "<anna@example.at> !",
    "<anna@example.at>, <berta@example.at>",
    "anna@example.at <anna@example.at>",
    "Huber, Anna <anna@example.at>",
    "Team: anna@example.at;",
    "mailto:anna@example.at",
    # brackets and quotes that do not close
    "<anna@example.at",
    "anna@example.at>",
    "<<anna@example.at>>",
    '"Anna <anna@example.at>',
    '"anna@example.at',
    "<>",
    # dots, dashes and signs
    ".anna@example.at",
    "anna.@example.at",
    "anna..huber@example.at",
    "anna@example..at",
    "anna@example.at.",
    "anna@-example.at",
    "anna@example-.at",
    "anna@exam_ple.at",
    "anna@ab--cd.at",
    "anna huber@example.at",
    "anna\u00a0huber@example.at",
    "anna\uff20example.at",
    "anna@[192.0.2.1]",
    "anna@xn--0.at",
    # control characters
    "anna\x00@example.at",
    "anna@example.at\x00",
    "an\x07na@example.at",
    "an\nna@example.at",
    "\x7fanna@example.at",
    "Anna\x00 <anna@example.at>",
    # lengths
    f"anna@{'a' * 64}.at",
    f"{'a' * 64}@{'.'.join(['b' * 60] * 4)}.at",
    "a" * 3000 + "@example.at",
]

MAILBOXES = [
    # address, mailbox
    ("anna@example.at", "anna@example.at"),
    ("anna+news@example.at", "anna@example.at"),
    ("anna+news+2026@example.at", "anna@example.at"),
    ("anna.huber@example.at", "anna.huber@example.at"),
    ("+news@example.at", "+news@example.at"),
    ("anna.huber@gmail.com", "annahuber@gmail.com"),
    ("a.n.n.a+news@googlemail.com", "anna@gmail.com"),
    ("+n.ews@gmail.com", "+news@gmail.com"),
    ("anna.huber@mail.gmail.com", "anna.huber@mail.gmail.com"),
    ('"anna +huber"@example.at', '"anna +huber"@example.at'),
    ('"anna. +huber"@gmail.com', '"anna. +huber"@gmail.com'),
    ("änne+x@xn--mller-kva.at", "änne@xn--mller-kva.at"),
]


@pytest.mark.parametrize(("raw", "address"), SAME_ADDRESS)
def test_a_mailbox_is_read_into_one_normal_form(raw: str, address: str) -> None:
    email = read_email(raw)
    assert email is not None
    assert email.address == address


@pytest.mark.parametrize("raw", NO_ADDRESS)
def test_what_is_not_exactly_one_mailbox_is_no_address(raw: str) -> None:
    assert read_email(raw) is None


@pytest.mark.parametrize(("address", "mailbox"), MAILBOXES)
def test_the_mailbox_is_the_address_without_its_spelling(address: str, mailbox: str) -> None:
    assert mailbox_of(address) == mailbox
    assert read_email(address) == Email(address, mailbox)


@pytest.mark.parametrize("unicode", ["anna@müller.at", "änne@straße.de", "jeff@臺網中心.tw", "anna@example.at", '"a@b"@example.at'])
def test_both_forms_of_a_domain_lead_to_each_other(unicode: str) -> None:
    email = read_email(unicode)
    assert email is not None
    assert unicode_form(email.address) == unicode
    assert read_email(unicode_form(email.address)) == email


LOCAL_LETTERS = st.characters(exclude_categories=["Cs"]) | st.sampled_from("aZ.+-_'\"<>@( \u0130\u1e9e\u0345\u03a3\u1fef")
DOMAINS = st.sampled_from(["example.at", "MÜLLER.at", "gmail.com", "x.local", "臺網中心.tw", "xn--mller-kva.at", "a--b.at"])


@given(st.builds("{}@{}".format, st.text(LOCAL_LETTERS, max_size=8), DOMAINS) | st.text(max_size=12))
def test_a_normal_form_is_its_own_normal_form(raw: str) -> None:
    email = read_email(raw)
    if email is not None:
        assert read_email(email.address) == email
        mailbox = read_email(email.mailbox)
        assert mailbox is not None
        assert mailbox.mailbox == email.mailbox
