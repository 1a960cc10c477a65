"""Passages of many lanes kept together: while one group is being committed, the next one gathers.

Each request is still all or nothing, and in its own account's name. Where one of a group is wrong, each is kept by
itself and only the wrong one is refused.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from ringfence.errors import RingfenceError
from ringfence.gate import Passage, register_together
from ringfence.store import Act, Store
from ringfence.terms import Actor

MOST_TOGETHER = 1_000
"""Passages an act: one that takes longer keeps everybody else waiting."""


@dataclass(frozen=True)
class _Sent:
    passages: Sequence[Passage]
    actor: Actor
    now: datetime
    new: "asyncio.Future[int]"


class PassagesTogether:
    """What lanes sent and nobody kept yet; it belongs to the event loop of the application."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[_Sent] = []
        self._keeping: asyncio.Task[None] | None = None

    async def keep(self, passages: Sequence[Passage], *, actor: Actor, now: datetime) -> int:
        """How many were new, once all of them are durable; where one is wrong its error, and none is kept."""
        new: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Sent(passages, actor, now, new))
        if self._keeping is None or self._keeping.done():
            self._keeping = asyncio.create_task(self._keep_all())
        return await new

    async def _keep_all(self) -> None:
        """Keep what lanes sent, a group after the other, until nothing waits."""
        while self._waiting:
            waiting, self._waiting = self._waiting, []
            for group in _groups(waiting):
                await self._keep(group)

    async def _keep(self, group: Sequence[_Sent]) -> None:
        try:
            counts = await self._register(group)
        except RingfenceError as error:
            if len(group) > 1:
                for one in group:
                    await self._keep([one])
            elif not group[0].new.done():
                group[0].new.set_exception(error)
            return
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it, whatever it was
            for one in group:
                if not one.new.done():
                    one.new.set_exception(error)
            return
        for one, count in zip(group, counts, strict=True):
            if not one.new.done():  # whoever hung up meanwhile
                one.new.set_result(count)

    async def _register(self, group: Sequence[_Sent]) -> list[int]:
        """How many of each request's were new; a passage that several of them bring is new in the first."""

        def register(act: Act) -> list[int]:
            new = set(register_together(act, [(one.actor, one.passages) for one in group], store=self._store))
            counts = []
            for one in group:
                own = new & {passage.passage_id for passage in one.passages}
                counts.append(len(own))
                new -= own
            return counts

        last = group[-1]
        return await asyncio.wrap_future(self._store.submit(register, actor=last.actor, now=last.now))


def _groups(waiting: Sequence[_Sent]) -> Iterator[list[_Sent]]:
    group: list[_Sent] = []
    for one in waiting:
        if group and sum(len(other.passages) for other in group) + len(one.passages) > MOST_TOGETHER:
            yield group
            group = []
        group.append(one)
    yield group
