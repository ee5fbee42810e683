#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Name it, then await it (CONTRIBUTING.md): GCC 12 destroys a braced aggregate temporary, a capturing lambda, or
what a conditional awaits, twice when it stands in the same full expression as a co_await; and where a loop's condition
awaits behind a && it compiles a trap, when it optimises.

The check reads text, not types: any braces but those of a block count. Where they are harmless (braces around no
aggregate), naming the value first costs a line and keeps the rule simple."""

import re
from typing import Iterator

from project import PRODUCT, Finding, files, name_of, report

BRACED = 'a braced temporary in the same expression as a co_await: "Name it, then await it"'
CONDITIONAL = 'a conditional in the same expression as a co_await: write an if, or "Name it, then await it"'
CONDITION = 'a co_await in a condition of several parts: "Name it, then await it"'
CAPTURE = 'a capturing lambda in the same expression as a co_await: "Name it, then await it"'

TOKEN = re.compile(
    r"""
    (?P<skip> //[^\n]* | /\*.*?\*/ | ^[ \t]*\#(?:[^\n\\]|\\.)* | \s+ )
  | (?P<text> R"(?P<mark>[^()\s]*)\(.*?\)(?P=mark)" | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)+' )
  | (?P<word> \w+(?:'\w+)* )
  | (?P<sign> :: | -> | && | . )
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
OPENS = {"(", "[", "{"}
CLOSES = {")", "]", "}"}
CONTROL = {"if", "constexpr", "for", "while", "switch", "catch"}
TYPE_HEADS = {"namespace", "struct", "class", "enum", "union", "extern", "concept"}
BLOCK_AFTER = {")", ";", "{", "}", ":", "else", "do", "try", "const", "noexcept", "override", "final", "mutable"}


class Source:
    """A C++ text as tokens, each with its line, and each bracket with its partner."""

    def __init__(self, text: str):
        self.tokens: list[str] = []
        self.lines: list[int] = []
        line = 1
        for match in TOKEN.finditer(text):
            if not match.group("skip"):
                self.tokens.append('""' if match.group("text") else match.group())
                self.lines.append(line)
            line += match.group().count("\n")
        self.partner = self._partners()
        self.blocks: set[int] = set()
        for place, token in enumerate(self.tokens):
            if token == "{" and self._opens_block(place):
                self.blocks |= {place, self.partner[place]}

    def _partners(self) -> dict[int, int]:
        partner = {place: place for place in range(len(self.tokens))}  # one without a partner is its own
        open_places: list[int] = []
        for place, token in enumerate(self.tokens):
            if token in OPENS:
                open_places.append(place)
            elif token in CLOSES and open_places:
                opened = open_places.pop()
                partner[opened], partner[place] = place, opened
        return partner

    def before(self, place: int) -> str:
        return self.tokens[place - 1] if place > 0 else ";"

    def _opens_block(self, place: int) -> bool:
        previous = self.before(place)
        if previous == "{":  # "{{": of what the outer one is
            return place - 1 in self.blocks
        if previous == "}":  # after a block, or after the last member initialiser of a constructor
            return True
        if previous == "]":  # a lambda without parameters; or an array's initialiser
            return self.is_lambda(self.partner[place - 1])
        return previous in BLOCK_AFTER or self._after_a_head(place)

    def _after_a_head(self, place: int) -> bool:
        """Whether the words before `place` are those of a type, a namespace or a trailing return type."""
        angles, several = 0, False
        while place > 0:
            place -= 1
            token = self.tokens[place]
            if token in TYPE_HEADS:
                return True
            if token == "->":
                return not several
            if token in {";", "{", "}", "(", "=", "return", "co_return", "co_await"}:
                return False
            angles += (token == ">") - (token == "<")
            several |= token == "," and angles == 0
        return False

    def is_lambda(self, place: int) -> bool:
        """Whether the "[" at `place` begins a lambda: no index, no attribute, no structured binding."""
        if self.tokens[place] != "[" or self.tokens[place + 1] == "[" or self.before(place) == "[":
            return False
        previous = self.before(place)
        if previous in {"&", "&&"} and self.before(place - 1) == "auto":
            return False
        if previous in {"return", "co_return", "co_await", "co_yield"}:
            return True
        return not re.fullmatch(r"\w+|\"\"|\)|\]", previous)

    def full_expression(self, place: int) -> tuple[int, int]:
        """The first token of the full expression that `place` is in, and the one behind its last."""
        begin = place
        while begin > 0 and not self._begins_statement(begin - 1):
            begin -= 1
            if self.tokens[begin] in CLOSES:
                begin = self.partner[begin]
        end = place
        while end < len(self.tokens) and not self._ends_statement(end):
            end = self.partner[end] + 1 if self.tokens[end] in OPENS else end + 1
        return begin, end

    def is_condition(self, begin: int) -> bool:
        """Whether the full expression that begins there is the first between the parentheses of an if or a loop."""
        return begin > 1 and self.tokens[begin - 1] == "(" and self.before(begin - 1) in CONTROL

    def _begins_statement(self, place: int) -> bool:
        token = self.tokens[place]
        if token in {"(", ")"}:
            return self.before(min(place, self.partner[place])) in CONTROL
        if token == "}":
            return place in self.blocks and not self._is_lambda_body(self.partner[place])
        return token == ";" or (token == "{" and place in self.blocks)

    def _ends_statement(self, place: int) -> bool:
        token = self.tokens[place]
        if token == ")":
            return self.before(self.partner[place]) in CONTROL
        if token == "{":
            return place in self.blocks and not self._is_lambda_body(place)
        return token == ";" or (token == "}" and place in self.blocks)

    def _is_lambda_body(self, place: int) -> bool:
        """Whether the block at `place` is the body of a lambda: [..]{, [..](..){, [..](..) mutable -> T {."""
        while place > 0:
            place -= 1
            token = self.tokens[place]
            if token == ")" or (token == "]" and not self.is_lambda(self.partner[place])):
                place = self.partner[place]
            elif token == "]":
                return True
            elif token in {";", "{", "}"}:
                return False
        return False


def check_text(text: str) -> Iterator[tuple[int, str]]:
    """Line and reason of each breach."""
    source = Source(text)
    found: set[tuple[int, str]] = set()
    for place, token in enumerate(source.tokens):
        if token == "co_await":
            begin, end = source.full_expression(place)
            found |= set(breaches(source, begin, end))
            if source.is_condition(begin) and {"&&", "|"} & set(source.tokens[begin:end]):
                found.add((source.lines[place], CONDITION))
    yield from sorted(found)


def breaches(source: Source, place: int, end: int) -> Iterator[tuple[int, str]]:
    while place < end:
        token = source.tokens[place]
        if token == "{" and place in source.blocks:  # a lambda's body: expressions of their own
            place = source.partner[place]
        elif token == "{":
            yield source.lines[place], BRACED
        elif token == "?":
            yield source.lines[place], CONDITIONAL
        elif token == "[" and source.is_lambda(place) and source.partner[place] > place + 1:
            yield source.lines[place], CAPTURE
            place = source.partner[place]
        place += 1


def check_all() -> Iterator[Finding]:
    for path in files(*PRODUCT, "tests", suffixes=(".cpp", ".hpp")):
        for line, why in check_text(path.read_text(encoding="utf-8")):
            yield Finding(name_of(path), line, why)


if __name__ == "__main__":
    raise SystemExit(report(check_all()))
