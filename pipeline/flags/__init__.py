"""CRM flags (domain §6, §8): which columns of a profile feed say a "no", on which channels, and which say consent."""

from pipeline.flags.columns import Lifting, flag_columns, flags_sql, setting_of, unless_of, yes_sql
from pipeline.flags.names import FlagReason, Meaning, channels_of, is_of_messages, meaning_of

__all__ = [
    "FlagReason",
    "Lifting",
    "Meaning",
    "channels_of",
    "flag_columns",
    "flags_sql",
    "is_of_messages",
    "meaning_of",
    "setting_of",
    "unless_of",
    "yes_sql",
]
