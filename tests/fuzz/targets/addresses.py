"""A cell → an e-mail address and a phone number: one normal form, the same by SQL and by the libraries."""

from collections.abc import Iterator

from pipeline.addresses import mailbox_of, read_email, read_phone, unicode_form
from tests.fuzz.judging import Failure
from tests.fuzz.workplace import engine

COUNTRIES = ("AT", "DE", "CH", "NL", "US", "GB", "IT", "XX", "", None)


def run(content: bytes) -> None:
    country = COUNTRIES[(content[0] if content else 0) % len(COUNTRIES)]
    text = content[1:].decode("utf-8", "replace")
    email = read_email(text)
    if email is not None:
        again = read_email(email.address)
        if again != email or mailbox_of(email.mailbox) != email.mailbox or unicode_form(email.address).count("@") < 1:
            raise Failure(f"{email} is no normal form: {again}")
    phone = read_phone(text, country)
    if phone is not None and read_phone(phone.number, None) != phone:
        raise Failure(f"{phone} is no normal form")
    if len(text) < 4096 and "\0" not in text:
        query = "SELECT plain_email($text), plain_phone($text, $country)"
        plain_email, plain_phone = engine().execute(query, {"text": text, "country": country}).fetchone() or (None, None)
        if plain_email is not None and (email is None or plain_email != email.address):
            raise Failure(f"SQL reads {plain_email}, the library {email}")
        if plain_phone is not None and (phone is None or plain_phone != phone.number):
            raise Failure(f"SQL reads {plain_phone}, the library {phone}")


def seeds() -> Iterator[bytes]:
    emails = (
        "Anna.Maier+tag@Post.Example.at",
        '"Maier, Anna" <anna@müller.example>',
        '"a b"@x.at',
        "änna@xn--mller-kva.at",
        "a@x.at, b@x.at",
    )
    phones = ("+43 (0) 664 1234567", "tel:0664-1234567;phone-context=+43", "0043664/1234567 ext. 12", "٠٦٦٤١٢٣٤٥٦٧", "020 7946 0018")
    for number in range(len(COUNTRIES)):
        yield from (bytes([number]) + cell.encode() for cell in (*emails, *phones))
