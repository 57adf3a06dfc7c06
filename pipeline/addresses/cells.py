"""What surrounds an address in a cell and is not part of it."""

import unicodedata


def without_surroundings(raw: str) -> str:
    """The text without what cannot be seen at its ends: any Unicode white space, and format characters.

    Format characters (category Cf: byte order mark, zero-width space, direction marks) come along when people copy an address
    out of a web page or an address book. They are valid in no address, so that nothing valid is changed. Control characters
    other than white space stay, and make the text unreadable.
    """
    text = raw.strip()
    start, end = 0, len(text)
    while start < end and _is_invisible(text[start]):
        start += 1
    while end > start and _is_invisible(text[end - 1]):
        end -= 1
    return text[start:end]


def _is_invisible(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) == "Cf"
