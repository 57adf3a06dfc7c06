"""Addresses in one place: what an e-mail address or a phone number is, its one normal form, and its keys (domain §1, §3).

Two paths give the same answer. The SQL path (`install`: macros over whole columns) reads what is plain; whatever it leaves
NULL goes, once per distinct text, through the library path (`read_odd_emails`, `read_odd_phones`), which is
`email-validator` and `phonenumbers` (`read_email`, `read_phone` for a single value)::

    install(con, countries={"AT", "DE"})
    read_odd_emails(con, "SELECT DISTINCT email AS raw FROM staged WHERE email <> '' AND plain_email(email) IS NULL")
    SELECT coalesce(plain_email(email), odd_email.address) FROM staged LEFT JOIN odd_email ON odd_email.raw = staged.email
"""

from pipeline.addresses.emails import Email, mailbox_of, read_email, unicode_form
from pipeline.addresses.keys import address_key
from pipeline.addresses.macros import install
from pipeline.addresses.odd import read_odd_emails, read_odd_phones
from pipeline.addresses.phones import Line, Phone, read_phone

__all__ = [
    "Email",
    "Line",
    "Phone",
    "address_key",
    "install",
    "mailbox_of",
    "read_email",
    "read_odd_emails",
    "read_odd_phones",
    "read_phone",
    "unicode_form",
]
