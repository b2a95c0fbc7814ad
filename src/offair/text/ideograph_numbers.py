"""Numbers written in ideographs, as Chinese and Japanese do: 一百二十三万, 二〇二二, 3万5千.

Up to 10**15, per cent (百分之五), positional digits, decimals behind 点, ASCII digits before a
scale. A bare 百, 千 or 万 is no number (百姓, 万一), nor is 十 in 十分.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import regex

_DIGITS = {char: at % 10 for at, char in enumerate("〇一二三四五六七八九零")}
_DIGITS |= {"两": 2, "兩": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "兆": 10**12}
_POINTS = frozenset("点點")
_PERCENT = ("百", "分", "之")
_ASCII_RE = regex.compile(r"[0-9]{1,15}(?:\.[0-9]{1,6})?")
_LONGEST = 15


def ideograph_numbers(forms: Sequence[str]) -> Iterator[tuple[int, int, str, str]]:
    """(first token, token after the last, value, unit `%` or nothing), by first token.

    forms: normal forms of tokens, an ideograph each. An ASCII number without a scale behind it is
    left to the caller. value: digits, `.` before decimals.
    """
    at = 0
    while at < len(forms):
        percent = tuple(forms[at : at + 3]) == _PERCENT
        found = _number(forms, at + 3 if percent else at, percent=percent)
        if found is None:
            at += 1
            continue
        end, value = found
        yield at, end, value, "%" if percent else ""
        at = end


def _number(forms: Sequence[str], start: int, *, percent: bool) -> tuple[int, str] | None:
    found = _positional(forms, start) or _scaled(forms, start)
    if found is None:
        return None
    end, value = found
    decimals = _decimals(forms, end)
    if decimals is not None and value == value.to_integral_value():
        end, digits = decimals
        value = Decimal(f"{value:f}.{digits}")
        while end < len(forms) and forms[end] in _BIG:
            value *= _BIG[forms[end]]
            end += 1
    alone = end == start + 1
    if (
        alone
        and not percent
        and (_ASCII_RE.fullmatch(forms[start]) or forms[end : end + 1] == ["分"])
    ):
        return None
    text = f"{value:f}"
    return end, text.rstrip("0").rstrip(".") if "." in text else text


def _positional(forms: Sequence[str], start: int) -> tuple[int, Decimal] | None:
    """Two digits and more that are read out one by one."""
    end = start
    while end < len(forms) and forms[end] in _DIGITS and end - start < _LONGEST:
        end += 1
    if end - start < 2 or (end < len(forms) and (forms[end] in _SMALL or forms[end] in _BIG)):
        return None
    return end, Decimal("".join(str(_DIGITS[one]) for one in forms[start:end]))


def _scaled(forms: Sequence[str], start: int) -> tuple[int, Decimal] | None:
    """Digits with their tens, hundreds, thousands and myriads."""
    total = section = Decimal(0)
    current: Decimal | None = None
    last = 1
    at = start
    while at < len(forms) and at - start < 2 * _LONGEST:
        form = forms[at]
        if form in _DIGITS and current is None:
            current = Decimal(_DIGITS[form])
            last = 1 if not current else last
            current = None if not current and at > start else current
        elif current is None and not section and _ASCII_RE.fullmatch(form):
            current = Decimal(form)
        elif form in _SMALL and (current is not None or form == "十"):
            section += (Decimal(1) if current is None else current) * _SMALL[form]
            current, last = None, _SMALL[form]
        elif form in _BIG and (current is not None or section or (total and last >= 10**4)):
            if current is not None or section:
                total += (section + (current or 0)) * _BIG[form]
            else:
                total *= _BIG[form]
            current, section, last = None, Decimal(0), _BIG[form]
        else:
            break
        at += 1
    if at == start:
        return None
    if current is not None and last >= 100 and forms[at - 1] in _DIGITS:
        current *= last // 10  # 一万五 is 15,000; 5 would be said 零五
    value = total + section + (current or 0)
    return (at, value) if value < 10**18 else None


def _decimals(forms: Sequence[str], at: int) -> tuple[int, str] | None:
    """(token after the last, digits) of decimals behind a point; none where it is a time."""
    if at >= len(forms) or forms[at] not in _POINTS:
        return None
    end = at + 1
    while end < len(forms) and forms[end] in _DIGITS and end - at <= 6:
        end += 1
    if end == at + 1 or (end < len(forms) and forms[end] in {"分", "十"}):
        return None
    return end, "".join(str(_DIGITS[one]) for one in forms[at + 1 : end])
