"""What campaigns and presend.yaml list: excluded campaigns and files, control addresses, forbidden addresses, one-to-one messages."""

import json

from ..doors import Doors
from ..forms import FORMS, PLAIN
from ..house import House
from ..truth import truth
from ._change import PUBLISHES, Disaster, Expected, HouseChange

NEVER = "2026-11-01T09:00:00Z"
"""Long after the last step."""


class ExcludesUnpublished(HouseChange):
    """The campaign leaves out the audience of one that has never been published."""

    kind = "an excluded campaign without a run"

    def happens(self, house: House) -> Expected:
        other = f"{house.key}c7"
        house.further[other] = {**house.campaign_settings, "delivery_analysis_at": NEVER, "contact_at": NEVER}
        house.campaign_settings["exclude"] = [other]

        def optional(house: House, _: Doors) -> None:
            house.campaign_settings["exclude_optional"] = [other]

        return Expected(stops=(12,), says=(other, "exclude_optional"), remedy=optional)


class ExcludesFile(HouseChange):
    """A file of addresses is left out, however it is written."""

    kind = "an excluded file in another form"

    def happens(self, house: House) -> Expected:
        form = house.dice.choice([PLAIN, *FORMS])
        addresses = [address for _, address in house.addresses()]
        if not addresses:  # a file without an address would be a fault, and rightly
            return PUBLISHES
        name = form.named(f"lists/{house.key}{house.step}")
        path = house.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(form.written(["email"], [{"email": f" {address.upper()} "} for address in addresses]))
        house.campaign_settings["exclude_files"] = [name]
        house.left_out = addresses
        return PUBLISHES


class UnreadableControl(HouseChange):
    """A control address that is none."""

    kind = "a control address that cannot be read"

    def happens(self, house: House) -> Expected:
        house.campaign_settings["seeds"] = ["office(at)example.at"]
        house.campaign_settings["channel"] = "email"

        def mended(house: House, _: Doors) -> None:
            house.campaign_settings["seeds"] = []

        return Expected(may_stop=(10,), says=(f"{house.campaign}.yaml",), remedy=mended)


class OneToOneOfNobody(HouseChange):
    """A message to one that no person sends."""

    kind = "a one-to-one message of nobody"

    def happens(self, house: House) -> Expected:
        house.campaign_settings |= {"message_class": "one_to_one", "no_advertising_attested_by": "ann"}

        def signed(house: House, _: Doors) -> None:
            house.campaign_settings["sent_by"] = "ann"

        return Expected(may_stop=(10,), says=(f"{house.campaign}.yaml", "sent_by"), remedy=signed)


class ForbiddenOddly(Disaster):
    """Somebody forbids an address as it stands in a mail program."""

    kind = "a forbidden address in another spelling"

    def strikes(self, house: House, doors: Doors) -> Expected:
        path = doors.folder / "presend.yaml"
        settings = json.loads(path.read_text(encoding="utf-8"))
        address = min((one for _, one in truth(house, doors.as_of).audience if "@" in one), default=f"{house.key}nobody@forum.example.at")
        spelled = house.dice.choice(["mailto:{}", "Jane <{}>", " {} ", "{};", "<{}>", "MAILTO:{}"]).format(address)
        settings["forbidden"]["addresses"].append(house.dice.choice([spelled, spelled.upper(), spelled.replace("@", "(at)")]))
        path.write_text(json.dumps(settings, indent=2), encoding="utf-8")
        house.world["forbidden"]["addresses"].append(address)
        return Expected(may_stop=(10,), says=("presend.yaml",), remedy=written_plainly)


class ForbiddenDomainOddly(Disaster):
    """Somebody forbids a domain as it stands in a browser."""

    kind = "a forbidden domain in another spelling"

    def strikes(self, house: House, doors: Doors) -> Expected:
        path = doors.folder / "presend.yaml"
        settings = json.loads(path.read_text(encoding="utf-8"))
        spelled = house.dice.choice(["https://{}/", "@{}", "{}.", "{}/", "*.{}"]).format("kultur.example.at")
        settings["forbidden"]["domains"].append(spelled)
        path.write_text(json.dumps(settings, indent=2), encoding="utf-8")
        house.world["forbidden"]["domains"].append("kultur.example.at")
        return Expected(may_stop=(10,), says=("presend.yaml",), remedy=written_plainly)


def written_plainly(house: House, _: Doors) -> None:
    """Nothing more is to be done: the configuration is written anew, with what is forbidden as it plainly is."""
