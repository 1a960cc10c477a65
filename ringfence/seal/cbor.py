"""CBOR (RFC 8949) read strictly: one item, nothing after it, no key twice, no tag interpreted, bounded in depth."""

from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import Any, TypeAlias

from cbor2 import CBORDecodeError, CBORDecoder, CBORTag, dumps

from ringfence.errors import TokenRefused
from ringfence.seal.stages import Stage

MAX_DEPTH = 16

# The tags cbor2 6 would turn into dates, big numbers, patterns, shared references and addresses: sizes and times that
# the length of the input does not bound. A test asks cbor2 for this list, so that one it learns cannot slip through.
INTERPRETED_TAGS = frozenset(
    {0, 1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 1004, 43000, 55799}
)
NO_TAGS: frozenset[int] = frozenset()

_Callback: TypeAlias = Callable[[Any, bool], object]


def read_cbor(
    data: bytes,
    *,
    tags: frozenset[int] = NO_TAGS,
    seen_through: frozenset[int] = NO_TAGS,
    stage: Stage = Stage.CBOR,
) -> object:
    """The one item that the bytes hold; maps inside tags come as `frozendict`, arrays inside tags as tuples.

    A tag of `tags` stays a `CBORTag` around what it marks, uninterpreted; one of `seen_through` is left out, and what
    it marks stands there; any other tag is refused. Lengths may be indefinite: issuers in the field write them, and
    the input's own length bounds them. TokenRefused for anything else than one well-formed item, down to a single
    byte after it.
    """
    file = BytesIO(data)
    marked, known = _callbacks(tags, seen_through)
    decoder = CBORDecoder(
        file, tag_hook=marked, semantic_decoders=known, max_depth=MAX_DEPTH, allow_duplicate_keys=False
    )
    try:
        item = decoder.decode()
    except CBORDecodeError as error:
        raise TokenRefused("the {size} bytes are not one well-formed CBOR item", size=len(data), stage=stage) from error
    if rest := len(data) - file.tell():
        raise TokenRefused("{rest} bytes follow the CBOR item and belong to nothing", rest=rest, stage=stage)
    return item


def write_cbor(item: object) -> bytes:
    """An item in its one deterministic form (RFC 8949 section 4.2); TokenRefused for what `read_cbor` would refuse."""
    data = dumps(item, canonical=True)
    read_cbor(data)
    return data


@cache
def _callbacks(tags: frozenset[int], seen_through: frozenset[int]) -> tuple[_Callback, dict[int, _Callback]]:
    """What cbor2 calls for a tag it does not know, and for each that it does."""

    def mark(found: CBORTag, _: bool) -> object:  # noqa: FBT001 (cbor2 passes both by position)
        if found.tag in seen_through:
            return found.value
        if found.tag not in tags:
            raise ValueError(f"tag {found.tag} is not allowed here")
        return found

    def known(tag: int) -> _Callback:
        return lambda value, flag: mark(CBORTag(tag, value), flag)

    return mark, {tag: known(tag) for tag in INTERPRETED_TAGS}
