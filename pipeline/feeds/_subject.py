"""Whom a consent platform's record is about: the identifier is the organisation's choice, an address, a number or a profile's id."""


def address_in(field: str) -> str:
    """SQL: the identifier where it is an address or a number in its international form, else the empty text."""
    return rf"CASE WHEN contains({field}, '@') OR regexp_full_match(trim({field}), '\+[0-9 ()/.\-]{{8,}}') THEN {field} ELSE '' END"


def profile_in(field: str) -> str:
    """SQL: the identifier where it is neither."""
    return f"CASE WHEN ({address_in(field)}) = '' THEN {field} ELSE '' END"
