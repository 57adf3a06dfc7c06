"""What one configuration file says about another: ids that must exist, belong together and be unique.

Works on the documents as read, not on the typed models, so that a fault in one key hides no fault in another.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.config.attributes import WRITTEN_TIMES, lacks
from pipeline.config.campaign import CampaignSettings
from pipeline.config.documents import Document, Place
from pipeline.config.faults import Fault, did_you_mean, legible, shown, suggestion
from pipeline.config.values import is_name
from pipeline.reasons import MATRIX, Reason
from pipeline.vocabulary import MessageClass, Named, Scope

CANONICAL = "canonical_"
"""What the names of the adapters that read any table begin with."""
REGISTER_SOURCES = frozenset({"canonical_register", "ecg_list", "tps_list"})
"""Adapters whose files are editions of a do-not-contact register."""
WITHOUT_PROFILES = REGISTER_SOURCES | {"canonical_consent", "canonical_delivery"}
"""Adapters of tables in which no column is a profile's attribute."""

OUTPUT_COLUMNS = frozenset({"address", "profile_id", "person_id", "is_seed"})
"""What stands in every audience file before the campaign's own columns (contract §3)."""


UNTYPED = frozenset({"profile_id", "organisation", "email", "phone", "country", "updated_at"})
"""Columns of a profile whose cells have one meaning only."""


Sources = Collection[str] | Mapping[str, Collection[str]]
"""The names of the adapters; as a mapping also the columns of ours that `columns` may place."""


_A_SLIP = 0.75
"""How like an id must be to another one to be that one with a slip of the pen."""


def formerly(kind: str, name: str) -> str:
    """How presend.yaml says that something was called `name` before."""
    if kind == Scope.LIST:
        return f"`lists: [{{id: NEW, formerly: [{name}]}}]`"
    return f"`formerly: [{name}]` beside the {kind}"


def word(value: Any) -> str | None:
    """An id as text, or None where the value cannot be one (that is another check's fault)."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) and value != "" else None


def words(value: Any) -> Iterator[tuple[int, str]]:
    """The ids of a list with their positions."""
    for position, entry in enumerate(value if isinstance(value, list) else ()):
        if (text := word(entry)) is not None:
            yield position, text


def entries(value: Any) -> dict[str, Any]:
    """The mapping, or an empty one where the file holds something else (that is another check's fault)."""
    return value if isinstance(value, dict) else {}


def lists_of(value: Any) -> Iterator[tuple[Place, str, Any]]:
    """The lists of a brand with their places and settings: names and entries of a list, or the keys of a mapping."""
    for name, settings in entries(value).items():
        yield (name,), str(name), settings
    for position, entry in enumerate(value if isinstance(value, list) else ()):
        if (text := word(entries(entry).get("id") if isinstance(entry, dict) else entry)) is not None:
            yield (position,), text, entry


@dataclass
class Directory:
    """Who is who in presend.yaml: organisations, the brand's organisation, the list's brand, registers; and former names."""

    is_known: bool
    organisations: dict[str, Any] = field(default_factory=dict)
    organisation_of: dict[str, str] = field(default_factory=dict)
    brand_of: dict[str, str] = field(default_factory=dict)
    registers: dict[str, Any] = field(default_factory=dict)
    policy: dict[str, Any] = field(default_factory=dict)
    matrix: dict[str, Any] = field(default_factory=dict)
    former: dict[tuple[str, str], str] = field(default_factory=dict)

    def instead_of(self, kind: str, name: str, known: Collection[str], where: str = "") -> str:
        """What to write instead of an id that is not known: what it is called now, one that is a slip away, or any. Another one's id
        that merely looks like it would be a wrong advice where the thing was renamed."""
        now = self.former.get((kind, name))
        if now is not None:
            return f"It is called {legible(now)} now."
        if not known:
            return suggestion(name, known, what=kind + where)
        if near := did_you_mean(name, known, likeness=_A_SLIP):
            return near
        named = ", ".join(legible(one) for one in sorted(known))
        told = formerly(kind, legible(name))
        return f"Use one of: {named}. If it is called otherwise now, write its new id here, and in presend.yaml {told}."

    def needs_list(self, organisation: str, message_class: Any) -> bool:
        """Whether consent to a list is asked for, and missing consent excludes from campaigns of the class."""
        own = entries(entries(self.organisations.get(organisation)).get("policy"))
        reasons = self.matrix.get(message_class, MATRIX.get(message_class, ()))
        is_asked = own.get("consent_required", self.policy.get("consent_required")) == "list"
        return is_asked and isinstance(reasons, Collection) and Reason.NO_CONSENT in reasons


def check_settings(document: Document) -> Directory:
    """The directory of presend.yaml; notes brands and lists whose id does not identify them."""
    data = entries(document.data)
    organisations = entries(data.get("organisations"))
    directory = Directory(
        is_known=bool(organisations),
        organisations=organisations,
        registers=entries(data.get("registers")),
        policy=entries(data.get("policy")),
        matrix=entries(data.get("matrix")),
    )
    for organisation, settings in organisations.items():
        for brand, brand_settings in entries(entries(settings).get("brands")).items():
            place: Place = ("organisations", organisation, "brands", brand)
            if brand in directory.organisation_of:
                owner = directory.organisation_of[brand]
                document.add(
                    place, f"the brand {shown(brand)} stands twice (also in {legible(owner)})", "Give each brand an id of its own."
                )
            else:
                directory.organisation_of[brand] = organisation
            for position, list_id, _ in lists_of(entries(brand_settings).get("lists")):
                if list_id in directory.brand_of:
                    owner = directory.brand_of[list_id]
                    document.add(
                        (*place, "lists", *position),
                        f"the list {shown(list_id)} stands twice (also in {legible(owner)})",
                        "Give each list an id of its own.",
                    )
                else:
                    directory.brand_of[list_id] = brand
    directory.former |= _check_former(
        [(document, place, kind, name, settings) for place, kind, name, settings in _named(data)],
    )
    return directory


def check_former_feeds(documents: Mapping[str, Document]) -> None:
    """Note names of before that feeds bear today, or that two feeds claim."""
    _check_former([(document, (), Named.FEED, stem, document.data) for stem, document in documents.items()])


def _named(data: dict[str, Any]) -> Iterator[tuple[Place, Named, str, Any]]:
    """Everything in presend.yaml that may say what it was called before: its place, kind, id and settings."""
    for organisation, settings in entries(data.get("organisations")).items():
        place: Place = ("organisations", organisation)
        yield place, Named.ORGANISATION, organisation, settings
        for brand, brand_settings in entries(entries(settings).get("brands")).items():
            yield (*place, "brands", brand), Named.BRAND, brand, brand_settings
            for position, list_id, list_settings in lists_of(entries(brand_settings).get("lists")):
                yield (*place, "brands", brand, "lists", *position), Named.LIST, list_id, list_settings
    for register, settings in entries(data.get("registers")).items():
        yield ("registers", register), Named.REGISTER, register, settings


def _check_former(named: list[tuple[Document, Place, Named, str, Any]]) -> dict[tuple[str, str], str]:
    """(kind, name of before) → the id of now; notes those that would mean two things."""
    ids = {(kind, name) for _, _, kind, name, _ in named}
    former: dict[tuple[str, str], str] = {}
    for document, place, kind, name, settings in named:
        for position, old in words(entries(settings).get("formerly")):
            where: Place = (*place, "formerly", position)
            if (kind, old) in ids:
                document.add(where, f"the {kind} {shown(old)} is still there", f"Remove it from formerly, or rename the {kind}.")
            elif former.get((kind, old), name) != name:
                owner = legible(former[kind, old])
                document.add(where, f"the {kind} {owner} was called {shown(old)} too", "Leave it with the one whose rows they are.")
            else:
                former[kind, old] = name
    return former


def check_registers(document: Document, feeds: Collection[Document]) -> None:
    """A register without a feed would restrict nobody."""
    fed = {word(entries(entries(feed.data).get("register")).get("id")) for feed in feeds}
    for register in entries(entries(document.data).get("registers")):
        if register not in fed:
            document.add(
                ("registers", register),
                f"no feed delivers the register {shown(register)}",
                f"Add a feed with `register: {{id: {legible(register)}}}`, or remove the register.",
            )


def check_feed(document: Document, directory: Directory, sources: Sources | None) -> None:
    """Note every id in a feed's file that does not exist or does not belong to the others."""
    data = entries(document.data)
    source = word(data.get("source"))
    if source is not None and sources is not None and source not in sources:
        document.add(("source",), f"there is no adapter {shown(source)}", suggestion(source, sources, what="adapter"))
    _check_path(document, data, directory)
    for vendor_id, target in entries(data.get("map")).items():
        _check_target(document, ("map", vendor_id), entries(target), directory)
    is_canonical = source is None or source.startswith(CANONICAL)
    known = sources.get(source or "", ()) if isinstance(sources, Mapping) else ()
    _check_columns(document, data, known, is_canonical=is_canonical)
    if is_canonical:
        _check_times(document, data, known)
    for column in entries(data.get("attributes")):
        if column.casefold() in UNTYPED and not (is_canonical and column in WRITTEN_TIMES):
            document.add(("attributes", column), f"{shown(column)} is read as what it is already", "Remove it.")
    register = data.get("register")
    if source in REGISTER_SOURCES and register is None:
        remedy = "Add `register: {id: …}` with an id of presend.yaml's registers."
        document.add(("source",), "a register's feed does not say which register", remedy)
    elif source is not None and register is not None and source not in REGISTER_SOURCES:
        remedy = f"Remove `register`, or use {' or '.join(sorted(REGISTER_SOURCES))}."
        document.add(("register",), f"{shown(source)} is no register's adapter", remedy)
    if source in REGISTER_SOURCES and entries(data.get("columns")).get("entry", "") is None:
        document.add(("columns", "entry"), "a register needs its entries", "Name the column that holds them.")
    register_id = word(entries(register).get("id"))
    is_register = source is None or source in REGISTER_SOURCES
    if is_register and register_id is not None and directory.is_known and register_id not in directory.registers:
        remedy = directory.instead_of("register", register_id, directory.registers, " in presend.yaml")
        document.add(("register", "id"), f"there is no register {shown(register_id)}", remedy)


def _check_columns(document: Document, data: dict[str, Any], known: Collection[str], *, is_canonical: bool) -> None:
    """`columns` and `constants` name columns of ours, each once."""
    placed, said = entries(data.get("columns")), entries(data.get("constants"))
    for setting, names in (("columns", placed), ("constants", said)):
        if names and not is_canonical:
            remedy = f"Remove `{setting}`, or use one of the canonical adapters."
            document.add((setting,), f"{legible(word(data.get('source')) or '')} knows its own columns", remedy)
            continue
        for name in names:
            if known and name not in known:
                document.add((setting, name), f"{shown(name)} is no column of ours", suggestion(name, known, what="column"))
    for name in placed.keys() & said.keys():
        document.add(("constants", name), f"{shown(name)} stands in `columns` too", "Leave it in one of them.")


def _check_times(document: Document, data: dict[str, Any], known: Collection[str]) -> None:
    """A written time of ours says its day, and with an hour the minute: 05/2026 would become 1 May, and an opt-out too old to count."""
    placed, types = entries(data.get("columns")), entries(data.get("attributes"))
    for name in WRITTEN_TIMES:
        column = name if name in types else word(placed.get(name)) or name
        form = entries(types.get(column)).get("format")
        if name in known and isinstance(form, str) and (missing := lacks(form)):
            remedy = 'Write for example "%d.%m.%Y %H:%M".'
            document.add(("attributes", column, "format"), f"the format does not say the {missing} of {legible(name)}", remedy)


def _check_target(document: Document, place: Place, target: dict[str, Any], directory: Directory) -> None:
    scope, scope_id = target.get("scope"), word(target.get("scope_id"))
    if scope == Scope.GROUP:
        if scope_id is not None:
            document.add((*place, "scope_id"), "the group has no id", "Remove scope_id, or name a narrower scope.")
        return
    ids = {"organisation": directory.organisations, "brand": directory.organisation_of, "list": directory.brand_of}
    if not isinstance(scope, str) or (known := ids.get(scope)) is None:
        return
    if scope_id is None:
        document.add(place, f"scope_id is missing: which {scope}?", f"Add `scope_id: …` with the id of the {scope}.")
    elif directory.is_known and scope_id not in known:
        document.add((*place, "scope_id"), f"there is no {scope} {shown(scope_id)}", directory.instead_of(scope, scope_id, known))


def _check_path(document: Document, data: dict[str, Any], directory: Directory) -> None:
    """organisation ⊃ brand ⊃ list: each known, each the wider one's own."""
    if not directory.is_known:
        return
    organisation, brand, list_id = word(data.get("organisation")), word(data.get("brand")), word(data.get("list"))
    if organisation is not None and organisation not in directory.organisations:
        remedy = directory.instead_of("organisation", organisation, directory.organisations)
        document.add(("organisation",), f"there is no organisation {shown(organisation)}", remedy)
    if brand is not None:
        owner = directory.organisation_of.get(brand)
        if owner is None:
            document.add(("brand",), f"there is no brand {shown(brand)}", directory.instead_of("brand", brand, directory.organisation_of))
        elif organisation is not None and organisation in directory.organisations and owner != organisation:
            own = [name for name, of in directory.organisation_of.items() if of == organisation]
            remedy = suggestion(brand, own, what=f"brand of {legible(organisation)}")
            document.add(("brand",), f"the brand {shown(brand)} is {legible(owner)}'s, not {legible(organisation)}'s", remedy)
    if list_id is not None:
        owner = directory.brand_of.get(list_id)
        if owner is None:
            document.add(("list",), f"there is no list {shown(list_id)}", directory.instead_of("list", list_id, directory.brand_of))
        elif brand is not None and brand in directory.organisation_of and owner != brand:
            own = [name for name, of in directory.brand_of.items() if of == brand]
            remedy = suggestion(list_id, own, what=f"list of {legible(brand)}")
            document.add(("list",), f"the list {shown(list_id)} is {legible(owner)}'s, not {legible(brand)}'s", remedy)


def check_campaign(document: Document, campaign: str, directory: Directory, root: Path, outbox: Path, others: Collection[str]) -> None:
    """Note every id and file in a campaign's file that does not exist, and every rule of the domain that it breaks."""
    data = entries(document.data)
    _check_path(document, data, directory)
    message_class = data.get("message_class")
    if message_class == MessageClass.SERVICE and data.get("no_advertising_attested_by") is None:
        document.add(
            ("message_class",),
            "nobody attests that this service message advertises nothing",
            "Add `no_advertising_attested_by: …` with who does, or use message_class marketing.",
        )
    if message_class != MessageClass.ONE_TO_ONE:
        for key in ("sent_by", "one_to_one_maximum"):
            if data.get(key) is not None:
                document.add((key,), f"{key} says something of one_to_one messages only", "Remove it, or use message_class one_to_one.")
    if data.get("contact_at") is not None and isinstance(data.get("delivery_analysis_at"), Mapping):
        remedy = "Remove it: where a campaign recurs, people are contacted at each delivery analysis."
        document.add(("contact_at",), "contact_at is one moment, and delivery_analysis_at recurs", remedy)
    organisation = word(data.get("organisation"))
    has_list = data.get("list") is not None
    if organisation is not None and not has_list and directory.needs_list(organisation, message_class):
        document.add(("organisation",), f"{legible(organisation)} asks for consent to a list, and the campaign has none", "Add `list: …`.")
    for key in ("exclude", "exclude_optional"):
        for position, earlier in words(data.get(key)):
            if earlier == campaign:
                document.add((key, position), "the campaign excludes itself", "Name earlier campaigns only.")
            elif is_name(earlier) and earlier not in others and not _was_published(outbox, earlier):
                remedy = suggestion(earlier, set(others) - {campaign}, what="other campaign")
                document.add((key, position), f"there is no campaign {shown(earlier)}", remedy)
    for position, file in words(data.get("exclude_files")):
        _check_file(document, ("exclude_files", position), root, file)
    for position, column in words(data.get("columns")):
        if column.casefold() in OUTPUT_COLUMNS:
            document.add(("columns", position), f"{shown(column)} stands in every audience file already", "Remove it.")


def oversights(document: Document, campaign: CampaignSettings) -> Iterator[Fault]:
    """What is missing in a campaign that is decided all the same, as restrictively as can be: `check` alone calls it a fault."""
    if campaign.message_class == MessageClass.ONE_TO_ONE and campaign.sent_by is None:
        message = "nobody says who sends this one_to_one message: it is decided as marketing, and stops where that is not the same"
        yield Fault(document.file, document.line_of(("message_class",)), message, "Add `sent_by: …` with the person who writes.")


def _was_published(outbox: Path, campaign: str) -> bool:
    """Whether a campaign whose file is gone has left audiences behind."""
    return outbox.is_dir() and any((organisation / campaign).is_dir() for organisation in outbox.iterdir())


def _check_file(document: Document, place: Place, root: Path, file: str) -> None:
    if file.startswith("/") or ".." in file.split("/") or "\\" in file:
        return  # the value's own check has told that it leaves the workspace
    path = root / file
    if not path.resolve().is_relative_to(root.resolve()):
        document.add(place, f"{shown(file)} leads out of the workspace", "Put a copy of the file below the workspace.")
    elif not path.is_file():
        document.add(place, f"there is no file {shown(file)}", "Put it there, or remove the line.")
