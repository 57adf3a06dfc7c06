"""Numbering plans as regular expressions, from the metadata of the installed `phonenumbers`.

The SQL path takes mobile and fixed lines; any other valid number (toll-free, premium, …) is left to the library. The rules followed
are those of `phonenumbers.phonenumberutil`: `parse`, `region_code_for_number`, `_number_type_helper`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberDesc


@dataclass(frozen=True)
class NumberPatterns:
    """Patterns over E.164 numbers, one alternative per plan."""

    accepted: list[str] = field(default_factory=list)
    """Mobile or fixed line."""
    not_accepted: list[str] = field(default_factory=list)
    """Any other kind, which the library looks at first; or a number from which it would take a prefix."""
    mobile: list[str] = field(default_factory=list)
    fixed: list[str] = field(default_factory=list)
    any_valid: list[str] = field(default_factory=list)
    trunk_zero_codes: list[str] = field(default_factory=list)
    """Country codes behind which a `0`, as in `+43 (0) 664`, is the trunk prefix."""


@dataclass(frozen=True)
class Dialling:
    """How a number is dialled at home: `exit_code` for abroad, `trunk` before the national number."""

    region: str
    country_code: str
    exit_code: str
    trunk: str


def patterns_of(regions: Iterable[str]) -> NumberPatterns:
    """The patterns of the plans that these regions belong to; regions that the library does not know are left out."""
    patterns = NumberPatterns()
    for plan in _main_plans(regions):
        code = rf"\+{plan.country_code}"
        mobile, fixed, others = _pattern(plan.mobile), _pattern(plan.fixed_line), list(filter(None, map(_pattern, _other_kinds(plan))))
        lines = [pattern for pattern in (mobile, fixed) if pattern]
        prefix = plan.national_prefix_for_parsing
        taken_off = [rf"(?:{prefix})\d*"] if prefix else []
        for alternatives, found in (
            (patterns.accepted, lines),
            (patterns.not_accepted, others + taken_off),
            (patterns.mobile, [mobile]),
            (patterns.fixed, [fixed]),
            (patterns.any_valid, lines + others),
        ):
            if any(found):
                alternatives.append(f"{code}(?:{'|'.join(found)})")
        if _trunk(plan) == "0":
            patterns.trunk_zero_codes.append(str(plan.country_code))
    return patterns


def diallings_of(regions: Iterable[str]) -> list[Dialling]:
    """How numbers are dialled in those of the regions where that is a simple matter of prefixes."""
    wanted = set(regions)
    return [
        Dialling(plan.id, str(plan.country_code), exit_code, trunk)
        for plan in _main_plans(wanted)
        if plan.id in wanted and (exit_code := plan.international_prefix or "").isdigit() and (trunk := _trunk(plan)) is not None
    ]


def _main_plans(regions: Iterable[str]) -> list[PhoneMetadata]:
    """The plan of each region, or of the main one among those that share its country code; each plan once.

    In such a group the main region is asked first; where that goes by leading digits, numbers are left to the library.
    """
    codes = {phonenumbers.country_code_for_region(region) for region in regions if region in phonenumbers.SUPPORTED_REGIONS}
    plans = []
    for code in sorted(codes):
        sharing = phonenumbers.region_codes_for_country_code(code)
        plan = PhoneMetadata.metadata_for_region(sharing[0])
        if plan is not None and (len(sharing) == 1 or plan.leading_digits is None):
            plans.append(plan)
    return plans


def _trunk(plan: PhoneMetadata) -> str | None:
    """The trunk prefix, empty where there is none; None where taking it off is more than cutting digits."""
    prefixes = (plan.national_prefix_for_parsing or "").split("|")
    is_simple = plan.national_prefix_transform_rule is None and all(prefix.isdigit() for prefix in prefixes if prefix)
    return prefixes[0] if is_simple else None


def _other_kinds(plan: PhoneMetadata) -> tuple[PhoneNumberDesc | None, ...]:
    return (plan.premium_rate, plan.toll_free, plan.shared_cost, plan.voip, plan.personal_number, plan.pager, plan.uan, plan.voicemail)


def _pattern(desc: PhoneNumberDesc | None) -> str:
    return (desc.national_number_pattern if desc else None) or ""
