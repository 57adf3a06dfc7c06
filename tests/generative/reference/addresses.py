"""Addresses in the simple spellings that worlds use (domain §1 "An address"); Austrian numbers only."""

import re

ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
EMAIL = re.compile(rf"{ATOM}(\.{ATOM})*@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{{2,}}")
BRACKETS = re.compile(r"[^<>]*<([^<>]*)>")
NUMBER = re.compile(r"\+43\d{7,12}")
ONE_MAILBOX_DOMAINS = {"gmail.com", "googlemail.com"}
"""Domains that ignore dots in the local part, and are one domain."""


def kind_of(channel: str) -> str:
    """The kind of address that a channel uses."""
    return {"email": "email", "sms": "phone", "phone": "phone", "whatsapp": "phone", "rcs": "phone", "post": "postal"}[channel]


def is_for_mobiles(channel: str) -> bool:
    """Whether nobody can be reached by it at a fixed line."""
    return channel in ("sms", "whatsapp", "rcs")


def read_email(raw: str) -> str | None:
    """One mailbox, normalised; None for anything else, also for several."""
    text = raw.strip()
    named = BRACKETS.fullmatch(text)
    text = (named[1].strip() if named else text).lower()
    is_anybody = not text.partition("@")[0].strip("*%.")
    return text if EMAIL.fullmatch(text) and not is_anybody else None


def read_phone(raw: str) -> str | None:
    """The number in E.164, read as one of Austria where it has no country code."""
    text = re.sub(r"[\s/()-]", "", raw)
    if text.startswith("00"):
        text = "+" + text[2:]
    elif text.startswith("0"):
        text = "+43" + text[1:]
    return text if NUMBER.fullmatch(text) else None


def read_address(raw: str, channel: str) -> str | None:
    """The address that a row names: of its channel's kind; for any channel what it looks like."""
    if channel == "any":
        return read_email(raw) if "@" in raw else read_phone(raw)
    return read_email(raw) if kind_of(channel) == "email" else read_phone(raw)


def is_fixed_line(number: str) -> bool:
    """Whether the plan knows it as fixed line: in these worlds the numbers of Vienna."""
    return number.startswith("+431")


def mailbox_of(address: str) -> str:
    """The mailbox behind a spelling (domain §3); a number is its own."""
    if "@" not in address:
        return address
    local, _, domain = address.partition("@")
    local = local.partition("+")[0]
    if domain in ONE_MAILBOX_DOMAINS:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"
