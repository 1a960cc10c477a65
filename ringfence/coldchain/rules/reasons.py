"""Rules about why an event happened and what was wrong with one: words, parties, declarations (EPCIS 2.0, 7.3.5)."""

from collections.abc import Iterator, Mapping

from ringfence.coldchain.events import Event, Kind
from ringfence.coldchain.hashing import canonical
from ringfence.coldchain.rules.rule import Asked, Found, Level, rule
from ringfence.coldchain.vocabulary import (
    BIZ_STEPS,
    CBV,
    DISPOSITIONS,
    ERROR_REASONS,
    PARTY_TYPES,
    TRANSACTION_TYPES,
)


def is_unknown_word(text: str, words: Mapping[str, str], asked: Asked, event: Event) -> bool:
    """Whether a text claims to be one of the standard's words and is none; somebody's own URI is no such claim."""
    if text in words:
        return False
    written = canonical(text, asked.document.names_of(event.raw))
    return written not in words.values() and (":" not in text or written.startswith(CBV))


def _unknown(path: str, text: str | None, words: Mapping[str, str], asked: Asked, event: Event) -> Iterator[Found]:
    if text is not None and is_unknown_word(text, words, asked, event):
        yield path, text


@rule("CBV 2.0, 7.1 Business steps", level=Level.WARNING)
def business_step_is_known(event: Event, asked: Asked) -> Iterator[Found]:
    """A business step is a word of the standard, or somebody's own URI."""
    yield from _unknown(".bizStep", event.texts.get("bizStep"), BIZ_STEPS, asked, event)


@rule("CBV 2.0, 7.2 Dispositions", level=Level.WARNING)
def disposition_is_known(event: Event, asked: Asked) -> Iterator[Found]:
    """A disposition is a word of the standard, or somebody's own URI."""
    yield from _unknown(".disposition", event.texts.get("disposition"), DISPOSITIONS, asked, event)
    for name, words in (("set", event.set_words), ("unset", event.unset_words)):
        for place, word in enumerate(words):
            yield from _unknown(f".persistentDisposition.{name}[{place}]", word, DISPOSITIONS, asked, event)


@rule("7.3.5 PersistentDisposition", needs="persistentDisposition")
def dispositions_are_set_or_unset(event: Event, asked: Asked) -> Iterator[Found]:
    """No disposition is set and unset at once."""
    names = asked.document.names_of(event.raw)
    written = [{DISPOSITIONS.get(word) or canonical(word, names) for word in words}
               for words in (event.set_words, event.unset_words)]  # fmt: skip
    yield from ((".persistentDisposition", word) for word in sorted(written[0] & written[1]))


@rule("CBV 2.0, 7.3 Business transaction types", level=Level.WARNING)
def transaction_types_are_known(event: Event, asked: Asked) -> Iterator[Found]:
    """The type of a business transaction is a word of the standard, or somebody's own URI."""
    for place, one in enumerate(event.typed.get("bizTransactionList", ())):
        yield from _unknown(f".bizTransactionList[{place}].type", one.type, TRANSACTION_TYPES, asked, event)


@rule("CBV 2.0, 7.4 Source and destination types", level=Level.WARNING)
def party_types_are_known(event: Event, asked: Asked) -> Iterator[Found]:
    """The type of a source or destination is a word of the standard, or somebody's own URI."""
    for name in ("sourceList", "destinationList"):
        for place, one in enumerate(event.typed.get(name, ())):
            yield from _unknown(f".{name}[{place}].type", one.type, PARTY_TYPES, asked, event)


@rule("7.3.5 Sources and destinations")
def parties_have_a_type(event: Event, _asked: Asked) -> Iterator[Found]:
    """A source or destination says in which part it is one."""
    for name in ("sourceList", "destinationList"):
        yield from (
            (f".{name}[{place}].type", None) for place, one in enumerate(event.typed.get(name, ())) if not one.type
        )


@rule("7.4.5 TransactionEvent")
def transaction_names_its_transactions(event: Event, _asked: Asked) -> Iterator[Found]:
    """A transaction event names at least one business transaction."""
    if event.kind is Kind.TRANSACTION and not event.typed.get("bizTransactionList"):
        yield ".bizTransactionList", None


@rule("7.4.1.2 ErrorDeclaration", needs="errorDeclaration")
def declaration_is_dated(event: Event, _asked: Asked) -> Iterator[Found]:
    """An error declaration says when it was declared."""
    if event.error and event.error.declared_at is None:
        yield ".errorDeclaration.declarationTime", None


@rule("7.4.1.2 ErrorDeclaration", needs="errorDeclaration")
def declaration_follows_event(event: Event, _asked: Asked) -> Iterator[Found]:
    """An error is declared after the event that it is about."""
    declared = event.error.declared_at if event.error else None
    if declared and event.event_time and declared < event.event_time:
        yield ".errorDeclaration.declarationTime", declared


@rule("CBV 2.0, 7.5 Error reasons", level=Level.WARNING, needs="errorDeclaration")
def error_reason_is_known(event: Event, asked: Asked) -> Iterator[Found]:
    """The reason of an error declaration is a word of the standard, or somebody's own URI."""
    if event.error:
        yield from _unknown(".errorDeclaration.reason", event.error.reason, ERROR_REASONS, asked, event)


@rule("7.4.1.2 ErrorDeclaration", needs="errorDeclaration")
def event_does_not_correct_itself(event: Event, _asked: Asked) -> Iterator[Found]:
    """No event is the correction of its own error."""
    event_id = event.texts.get("eventID")
    if event.error and event_id in event.error.corrective_ids:
        yield ".errorDeclaration.correctiveEventIDs", event_id
