"""Forms as a browser without scripts sends them."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

from offair.model.errors import BadInput, TooLarge
from offair.web.who import check_csrf

_MOST_BYTES = 200_000
_MOST_FIELDS = 200


async def read_form(request: Request, *, guarded: bool = True) -> dict[str, str]:
    """The fields of an urlencoded form; of a name given twice the last.

    guarded: whether it has to be a form of this session's own. Raises `TooLarge`, `BadInput` where
    it is no form, `Refused` where it is not this session's.
    """
    raw = bytearray()
    async for part in request.stream():
        raw += part
        if len(raw) > _MOST_BYTES:
            raise TooLarge(f"the form has more than {_MOST_BYTES:,} bytes; send less at once")
    try:
        pairs = parse_qsl(
            bytes(raw).decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS,
            errors="strict",
        )  # fmt: skip
    except ValueError as error:
        raise BadInput(f"the form cannot be read ({error}); send it again") from error
    form = dict(pairs)
    if guarded:
        check_csrf(request, form.get("csrf"))
    return form
