"""A segment's condition over one profile: comparisons, like, in, and, or, not and parentheses over texts."""

import operator
import re
from collections.abc import Callable, Mapping

COMPARED: dict[str, Callable[[str, str], bool]] = {
    "=": operator.eq, "<>": operator.ne, "!=": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge,
}  # fmt: skip
TOKEN = re.compile(r"\s*('(?:[^']|'')*'|[A-Za-z_]\w*|<>|!=|<=|>=|[=<>(),])")


def meets(condition: str | None, profile: Mapping[str, str]) -> bool:
    """Whether the profile is in the segment; an unknown column is the empty text."""
    return condition is None or _Reader(condition, profile).whole()


class _Reader:
    """Reads the condition once, from left to right, and computes it on the way."""

    def __init__(self, text: str, profile: Mapping[str, str]) -> None:
        self.tokens: list[str] = TOKEN.findall(text)
        if "".join(self.tokens) != re.sub(r"\s+(?=(?:[^']*'[^']*')*[^']*$)", "", text):
            raise NotImplementedError(f"the reference does not read this segment: {text}")
        self.at = 0
        self.profile = profile

    def whole(self) -> bool:
        answer = self.either()
        if self.at != len(self.tokens):
            raise NotImplementedError(f"the reference does not read on from {self.tokens[self.at :]}")
        return answer

    def either(self) -> bool:
        answer = self.both()
        while self.take("or"):
            answer = self.both() or answer
        return answer

    def both(self) -> bool:
        answer = self.one()
        while self.take("and"):
            answer = self.one() and answer
        return answer

    def one(self) -> bool:
        if self.take("not"):
            return not self.one()
        if self.take("("):
            answer = self.either()
            self.must(")")
            return answer
        left = self.value()
        if self.take("not"):
            return not self.comparison(left)
        return self.comparison(left)

    def comparison(self, left: str) -> bool:
        if self.take("like"):
            pattern = re.escape(self.value()).replace("%", ".*").replace("_", ".")
            return re.fullmatch(pattern, left, re.DOTALL) is not None
        if self.take("in"):
            self.must("(")
            values = [self.value()]
            while self.take(","):
                values.append(self.value())
            self.must(")")
            return left in values
        sign = self.tokens[self.at]
        if sign not in COMPARED:
            raise NotImplementedError(f"the reference does not compare by {sign}")
        self.at += 1
        return COMPARED[sign](left, self.value())

    def value(self) -> str:
        token = self.tokens[self.at]
        self.at += 1
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        return self.profile.get(token.lower(), "")

    def take(self, word: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at].lower() == word:
            self.at += 1
            return True
        return False

    def must(self, word: str) -> None:
        if not self.take(word):
            raise NotImplementedError(f"the reference expected {word}")
