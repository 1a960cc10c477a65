"""Six clicks through the console, for whoever sees it for the first time: from the morning to the ledger."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One stop of the tour: where it stands, what to see there, and where the next one is (empty at the end)."""

    number: int
    path: str
    sentence: str
    onward: str


STOPS = (
    ("/today", "Every morning begins here: what waits for a decision, what is late, and what did not arrive."),
    ("/signals", "Nothing starts without a signal. Somebody verifies it, with a reason; then there may be a response."),
    (
        "/ring",
        "The ring: who is at risk, what, where and why. Above the cut is what today can do; below it nobody is lost.",
    ),
    ("/work", "Everybody listed is on somebody's list: one owner, one deadline. What is late rises a level."),
    (
        "/orders",
        "A measure on a person is decided by a named officer, stands on a path that was checked, and ends by itself.",
    ),
    (
        "/scorecards",
        "What came of it: every indicator with what it was divided by. Who did and who looked is on the ledger.",
    ),
)


def read_step(text: str) -> Step | None:
    """The stop of a number in an address; None where the tour is not asked for."""
    if not text.isdigit() or not 1 <= int(text) <= len(STOPS):
        return None
    number = int(text)
    path, sentence = STOPS[number - 1]
    onward = f"{STOPS[number][0]}?tour={number + 1}" if number < len(STOPS) else ""
    return Step(number, path, sentence, onward)
