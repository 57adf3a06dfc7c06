"""Addresses in one place: what an e-mail address or a phone number is, and its one normal form (domain §1, §3).

Two paths give the same answer. The SQL path (`install`: macros over whole columns) reads what is plain; whatever it leaves NULL
goes to the library path, `read_email` and `read_phone`, which are `email-validator` and `phonenumbers`. The loader joins them:
`email_in` and `phone_in` in sql/0_schema/loading.sql.
"""

from pipeline.addresses.columns import ADDRESS_COLUMN
from pipeline.addresses.emails import Email, mailbox_of, read_email, unicode_form
from pipeline.addresses.macros import install
from pipeline.addresses.nothing import placeholder_mailboxes, says_nothing
from pipeline.addresses.phones import Line, Phone, read_phone
from pipeline.addresses.written import addresses_meant, addresses_within, domain_meant, looks_like_an_address

__all__ = [
    "ADDRESS_COLUMN",
    "Email",
    "Line",
    "Phone",
    "addresses_meant",
    "addresses_within",
    "domain_meant",
    "install",
    "looks_like_an_address",
    "mailbox_of",
    "placeholder_mailboxes",
    "read_email",
    "read_phone",
    "says_nothing",
    "unicode_form",
]
