"""Austria's ECG list (§ 7 ECG, kept by RTR): the file of raw SHA-1 digests, or answers of its interface with SHA-512 in hex.

The form of the file tells algorithm and normalisation, whatever the feed's YAML says. The file hashes the address in lower
case, and `@domain`; the interface hashes the address in lower case with no dots in its local part, and the bare domain; asked in
plain text it answers so. Clients disagree about two things, and both readings count: letters beyond ASCII in UTF-8 or
ISO 8859-1, dots with or without. No source says that a listed domain covers its sub-domains: it does not. Since 2020 RTR runs
the interface; whether it still hands out the file is not known.
"""

from pipeline.feeds._feed import Column, ListForm, TableFeed
from pipeline.vocabulary import Kind

FEED = TableFeed(
    source="ecg_list",
    kind=Kind.REGISTER,
    summary="Austria's ECG list: raw SHA-1 digests, or the interface's answers with SHA-512 in hex",
    columns=(Column("entry", "the hash of an address or a domain", is_required=True),),
    forms=(
        ListForm("SHA-1 digests back to back, 20 bytes each", algorithm="sha1", normalisation="trim_lower", digest_size=20),
        ListForm('answers `{"emails": […]}`, SHA-512 in hex or plain text', algorithm="sha512", normalisation="ecg_api", key="emails"),
    ),
    traps=(
        "A file of digests that is empty or no multiple of 20 bytes is refused, and so is a page of text in its place.",
        "An answer without `emails` is refused: it is an error of the interface, not an empty list.",
        "One file is one edition: the answers of all calls of one query belong into one file, one a line.",
        "The interface tells only of the addresses that it was asked about: ask about every candidate, shortly before each run.",
    ),
    basis=(
        "https://www.sthu.org/blog/15-ecg-liste/index.html",
        "https://pmeerw.net/blog/rant/ecg-liste.html",
        "https://www.onlinesicherheit.gv.at/Themen/Experteninformation/Rechtliche-Vorschriften/Unternehmen/Schutz-Werbe-E-Mails-ECG-Liste.html",
    ),
)
