"""Numbering plans as regular expressions, from the metadata of the installed `phonenumbers`.

The SQL path takes mobile and fixed lines; any other valid number (toll-free, premium, …) is left to the library. The rules followed
are those of `phonenumbers.phonenumberutil`: `parse`, `region_code_for_number`, `_number_type_helper`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberDesc


@dataclass(frozen=True)
class NumberPatterns:
    """Patterns over the E.164 numbers of one country code; an empty one matches nothing."""

    country_code: str
    possible: str
    """The general form. Patterns of single kinds go beyond it here and there, and the library asks for both."""
    accepted: str
    """Mobile or fixed line."""
    not_accepted: str
    """Any other kind, which the library looks at first; or a number from which it would take a prefix."""
    any_valid: str
    mobile: str
    fixed: str
    has_trunk_zero: bool
    """A `0` behind the country code, as in `+43 (0) 664`, is the trunk prefix."""


@dataclass(frozen=True)
class Dialling:
    """How a number is dialled at home: `exit_code` for abroad, `trunk` before the national number."""

    region: str
    country_code: str
    exit_code: str
    trunk: str


def patterns_of(regions: Iterable[str]) -> list[NumberPatterns]:
    """The patterns of the plans that these regions belong to; regions that the library does not know are left out."""
    return [_patterns(plan) for plan in _main_plans(regions)]


def _patterns(plan: PhoneMetadata) -> NumberPatterns:
    mobile, fixed = _pattern(plan.mobile), _pattern(plan.fixed_line)
    others = [_pattern(kind) for kind in _other_kinds(plan)]
    prefix = plan.national_prefix_for_parsing

    def numbers(*alternatives: str) -> str:
        found = dict.fromkeys(filter(None, alternatives))
        return rf"\+{plan.country_code}(?:{'|'.join(found)})" if found else ""

    return NumberPatterns(
        country_code=str(plan.country_code),
        possible=numbers(_pattern(plan.general_desc)),
        accepted=numbers(mobile, fixed),
        not_accepted=numbers(*others, rf"(?:{prefix})\d*" if prefix else ""),
        any_valid=numbers(mobile, fixed, *others),
        mobile=numbers(mobile),
        fixed=numbers(fixed),
        has_trunk_zero=_trunk(plan) == "0",
    )


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
