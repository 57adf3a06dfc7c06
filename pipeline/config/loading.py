"""presend.yaml, feeds/*.yaml and campaigns/*.yaml → one `Configuration`, or every fault in them."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pipeline.config.attributes import AttributeType, types_of
from pipeline.config.campaign import Campaign, CampaignSettings, ConfiguredCampaign, Recurrence, RecurrenceSettings, RecurringCampaign
from pipeline.config.destinations import Destination
from pipeline.config.documents import Document, read_document
from pipeline.config.faults import Fault, as_error, legible
from pipeline.config.feed import FeedConfig, FeedSettings
from pipeline.config.names import Names
from pipeline.config.organisations import Forbidden, Identity, Organisation, OrganisationSettings, Policy, Quarantine, Register, Settings
from pipeline.config.references import (
    WITHOUT_PROFILES,
    Directory,
    Sources,
    check_campaign,
    check_feed,
    check_former_feeds,
    check_registers,
    check_settings,
    entries,
    oversights,
    word,
)
from pipeline.config.shape import validated
from pipeline.config.strict import TYPES, Strict
from pipeline.config.values import NAME_FAULT, instant, is_name
from pipeline.errors import ConfigurationError
from pipeline.reasons import MATRIX, Reason
from pipeline.vocabulary import MessageClass
from pipeline.workspace import Workspace

Filled = TypeVar("Filled", bound=Strict)

REVIEW_FEED = "presend-review"
"""The feed of people's answers to waiting messages. It needs no file: it exists as soon as somebody has answered (decision 0023)."""
REVIEW_SETTINGS: dict[str, Any] = {"source": "review_answers", "required": False, "max_rejected": "100%"}


@dataclass(frozen=True)
class Configuration:
    """A workspace's whole configuration, with every default filled in."""

    organisations: dict[str, Organisation]
    policy: Policy
    identity: Identity
    matrix: dict[MessageClass, frozenset[Reason]]
    quarantine: Quarantine
    forbidden: Forbidden
    registers: dict[str, Register]
    feeds: dict[str, FeedConfig]
    campaigns: dict[str, ConfiguredCampaign]
    campaign_faults: dict[str, tuple[Fault, ...]] = field(default_factory=dict)
    documents: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """The values of each file that it was read from, by the file's name."""

    @cached_property
    def names(self) -> Names:
        """What everything is called, and was called before."""
        return Names.of(self.organisations, self.registers, self.feeds)

    def sha256_for(self, campaign: Campaign) -> str:
        """The fingerprint of all that a run of the campaign is told: settings, feeds and the campaign, whatever their spelling."""
        return _sha256({"workspace": self._fingerprint, "campaign": campaign.model_dump(mode="json")})

    @cached_property
    def _fingerprint(self) -> str:
        def dumped(models: dict[str, Organisation] | dict[str, Register] | dict[str, FeedConfig]) -> dict[str, object]:
            return {key: model.model_dump(mode="json") for key, model in models.items()}

        return _sha256(
            {
                "organisations": dumped(self.organisations),
                "policy": self.policy.model_dump(mode="json"),
                "identity": self.identity.model_dump(mode="json"),
                "matrix": {message_class: sorted(reasons) for message_class, reasons in self.matrix.items()},
                "quarantine": self.quarantine.model_dump(mode="json"),
                "forbidden": self.forbidden.model_dump(mode="json"),
                "registers": dumped(self.registers),
                "feeds": dumped(self.feeds),
            }
        )


def _sha256(value: object) -> str:
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def load_configuration(
    workspace: Workspace,
    *,
    sources: Sources | None = None,
    campaigns: Collection[str] | None = None,
    feeds: Collection[str] | None = None,
) -> Configuration:
    """The workspace's configuration.

    `sources` are the adapters' names; without them `source:` is not checked. `campaigns` are the ids to read (none for a
    command that needs none); without it all are read. A fault in a campaign's file is kept in `campaign_faults`, and the
    campaign is absent: it stops that campaign alone. `feeds` likewise are the ids to read, for whoever only loads these; what
    decides reads all.
    Raises ConfigurationError with every fault of presend.yaml and the feeds.
    """
    reading = _Reading(workspace, sources, campaigns, feeds)
    if reading.faults or reading.configuration is None:
        raise _missing_workspace(workspace) or as_error(reading.faults)
    return reading.configuration


def configuration_from(workspace: Workspace, documents: Mapping[str, Any], *, sources: Sources) -> Configuration:
    """The configuration that these values of files give, in place of the workspace's own files. Raises as `load_configuration` does."""
    reading = _ReadingKept(workspace, documents, sources)
    if reading.faults or reading.configuration is None:
        raise as_error(reading.faults)
    return reading.configuration


def find_faults(workspace: Workspace, *, sources: Sources | None = None) -> list[Fault]:
    """Every fault in the workspace's configuration, by file and line.

    Raises ConfigurationError when the folder is no workspace.
    """
    if error := _missing_workspace(workspace):
        raise error
    reading = _Reading(workspace, sources, None, None)
    return sorted({*reading.faults, *reading.oversights, *(fault for faults in reading.campaign_faults.values() for fault in faults)})


def _missing_workspace(workspace: Workspace) -> ConfigurationError | None:
    if workspace.settings_file.is_file():
        return None
    return ConfigurationError(
        "this folder is no workspace: it has no presend.yaml.",
        where=str(workspace.root),
        remedy=f"Run `presend init {workspace.root}`, or name another folder with --workspace.",
    )


class _Reading:
    """One pass over all files: faults of the workspace, faults of each campaign, and the configuration where there is one."""

    def __init__(
        self,
        workspace: Workspace,
        sources: Sources | None,
        wanted: Collection[str] | None,
        wanted_feeds: Collection[str] | None,
    ) -> None:
        self.workspace = workspace
        self.campaign_faults: dict[str, tuple[Fault, ...]] = {}
        self.oversights: list[Fault] = []
        self.documents: dict[str, Any] = {}
        self.configuration: Configuration | None = None
        settings_document = self._read(workspace.settings_file)
        settings = validated(settings_document, Settings)
        directory = check_settings(settings_document)
        feed_files, misnamed = (
            [path for path in paths if wanted_feeds is None or path.stem in wanted_feeds] for paths in self._files(workspace.feeds)
        )
        feed_documents = {path.stem: self._read(path) for path in feed_files} | self._built_in(wanted_feeds, feed_files)
        feeds = {stem: validated(document, FeedSettings) for stem, document in feed_documents.items()}
        for stem, document in feed_documents.items():
            _check_stem(document, stem)
            check_feed(document, directory, sources)
        if wanted_feeds is None:
            check_registers(settings_document, feed_documents.values())
            check_former_feeds(feed_documents)
        documents = [settings_document, *feed_documents.values()]
        self.faults = [fault for document in documents for fault in document.faults] + [_misnamed(path, workspace) for path in misnamed]
        typed = {
            stem: (feed.organisation or directory.organisation_of.get(feed.brand or ""), feed.attributes)
            for stem, feed in feeds.items()
            if feed and feed.source not in WITHOUT_PROFILES
        }
        campaigns = self._campaigns(directory, wanted, typed)
        if settings is None or self.faults:
            return
        organisations = {name: _organisation(name, one, settings.policy) for name, one in settings.organisations.items()}
        self.configuration = Configuration(
            organisations=organisations,
            policy=settings.policy,
            identity=settings.identity,
            matrix={**MATRIX, **{message_class: frozenset(reasons) for message_class, reasons in settings.matrix.items()}},
            quarantine=settings.quarantine,
            forbidden=settings.forbidden,
            registers=settings.registers,
            feeds={stem: _feed(stem, feed, directory, organisations) for stem, feed in feeds.items() if feed is not None},
            campaigns={stem: _campaign(stem, campaign, organisations, settings.deliver_to) for stem, campaign in campaigns.items()},
            campaign_faults=self.campaign_faults,
            documents={name: data for name, data in self.documents.items() if _stem(name) not in self.campaign_faults},
        )

    def _read(self, path: Path) -> Document:
        document = self._document(path, path.relative_to(self.workspace.root).as_posix())
        self.documents[document.file] = document.data
        return document

    def _document(self, path: Path, name: str) -> Document:
        return read_document(path, name)

    def _files(self, folder: Path) -> tuple[list[Path], list[Path]]:
        return _files(folder)

    def _built_in(self, wanted: Collection[str] | None, files: Collection[Path]) -> dict[str, Document]:
        """The feed of people's answers, where there are some and no file of the workspace says how it is to be read."""
        is_wanted = wanted is None or REVIEW_FEED in wanted
        if not is_wanted or any(path.stem == REVIEW_FEED for path in files) or not (self.workspace.landing / REVIEW_FEED).is_dir():
            return {}
        document = Document(f"feeds/{REVIEW_FEED}.yaml", dict(REVIEW_SETTINGS))
        self.documents[document.file] = document.data
        return {REVIEW_FEED: document}

    def _campaigns(
        self, directory: Directory, wanted: Collection[str] | None, typed: Mapping[str, tuple[str | None, Mapping[str, AttributeType]]]
    ) -> dict[str, CampaignSettings]:
        """The campaigns without a fault; the others' faults are kept."""
        files, misnamed = self._files(self.workspace.campaigns)
        ids = {path.stem for path in files}
        campaigns = {}
        for path in files:
            if wanted is not None and path.stem not in wanted:
                continue
            document = self._read(path)
            types = types_of(typed, word(entries(document.data).get("organisation")))
            campaign = validated(document, CampaignSettings, **{TYPES: types})
            _check_stem(document, path.stem)
            check_campaign(document, path.stem, directory, self.workspace.root, self.workspace.outbox, ids)
            if campaign is not None and not document.faults:
                campaigns[path.stem] = campaign
                self.oversights += oversights(document, campaign)
            else:
                self.campaign_faults[path.stem] = tuple(sorted(set(document.faults)))
        for path in misnamed:
            if wanted is None or path.stem in wanted:
                self.campaign_faults[path.stem] = (*self.campaign_faults.get(path.stem, ()), _misnamed(path, self.workspace))
                campaigns.pop(path.stem, None)
        return campaigns


class _ReadingKept(_Reading):
    """The same pass over values that were kept instead of files."""

    def __init__(self, workspace: Workspace, kept: Mapping[str, Any], sources: Sources) -> None:
        self.kept = kept
        super().__init__(workspace, sources, None, None)

    def _document(self, path: Path, name: str) -> Document:
        return Document(name, self.kept[name])

    def _built_in(self, wanted: Collection[str] | None, files: Collection[Path]) -> dict[str, Document]:
        return {}

    def _files(self, folder: Path) -> tuple[list[Path], list[Path]]:
        paths = sorted(self.workspace.root / name for name in self.kept)
        return [path for path in paths if path.parent == folder], []


def _stem(name: str) -> str | None:
    """The campaign whose file it is."""
    folder, _, file = name.partition("/")
    return file.removesuffix(".yaml") if folder == "campaigns" else None


def _files(folder: Path) -> tuple[list[Path], list[Path]]:
    """The folder's configuration files in the order of their ids, and those that look like some but would not be read."""
    found = [path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")] if folder.is_dir() else []
    files = sorted((path for path in found if path.suffix == ".yaml"), key=lambda path: path.stem)
    return files, sorted(path for path in found if path.suffix != ".yaml" and path.suffix.lower() in (".yaml", ".yml", ".json"))


def _misnamed(path: Path, workspace: Workspace) -> Fault:
    # Silence here could mean that a feed of opt-outs is not read.
    return Fault(
        path.relative_to(workspace.root).as_posix(), 1, "only files that end in .yaml are read", f"Rename it to {legible(path.stem)}.yaml."
    )


def _check_stem(document: Document, stem: str) -> None:
    if not is_name(stem):
        document.faults.append(Fault(document.file, 1, "the file's name cannot be an id", NAME_FAULT))


def _filled(model: type[Filled], settings: Strict, **more: object) -> Filled:
    """The checked settings as the model that has everything filled in. Its values are checked: they are not read again."""
    values: dict[str, Any] = {field.alias or name: getattr(settings, name) for name, field in type(settings).model_fields.items()}
    return model.model_construct(**(values | more))


def _organisation(name: str, settings: OrganisationSettings, policy: Policy) -> Organisation:
    return _filled(Organisation, settings, id=name, name=settings.name or name, policy=settings.policy.over(policy))


def _feed(stem: str, settings: FeedSettings, directory: Directory, organisations: dict[str, Organisation]) -> FeedConfig:
    organisation = settings.organisation or directory.organisation_of.get(settings.brand or "")
    timezone = settings.timezone or (organisations[organisation].timezone if organisation else "UTC")
    is_named = settings.timezone is not None
    return _filled(FeedConfig, settings, id=stem, organisation=organisation, timezone=timezone, is_timezone_named=is_named)


def _campaign(
    stem: str, settings: CampaignSettings, organisations: dict[str, Organisation], deliver_to: tuple[Destination, ...]
) -> ConfiguredCampaign:
    zone = organisations[settings.organisation].timezone
    more: dict[str, object] = {"id": stem, "deliver_to": deliver_to if settings.deliver_to is None else settings.deliver_to}
    if isinstance(settings.delivery_analysis_at, RecurrenceSettings):
        written = settings.delivery_analysis_at
        recurrence = _filled(Recurrence, written, timezone=written.timezone or zone)
        return _filled(RecurringCampaign, settings, **more, recurrence=recurrence)
    analysis_at = instant(settings.delivery_analysis_at, zone)
    contact_at = instant(settings.contact_at, zone) if settings.contact_at else analysis_at
    return _filled(Campaign, settings, **more, delivery_analysis_at=analysis_at, contact_at=contact_at)
