"""`ringfence chains`: who probably infected whom, how many each day's cases infected, and in which settings (2.2, 7.3).

Line list and contacts leave as any other export does, numbered and marked: `export make chain_cases`, `chain_contacts`.
"""

from dataclasses import asdict
from typing import Annotated

import typer

from ringfence import flow
from ringfence.cli.calls import Answer, Asked, call
from ringfence.cli.frame import Frame
from ringfence.cli.words import words
from ringfence.store import Store
from ringfence.terms import calendar_day

REPRODUCTION = ["day", "cases", "reproduction", "low", "high", "share_seen"]
ATTACK_RATES = ["rule", "exposed", "infected", "rate", "low", "high"]


def add_commands(app: typer.Typer) -> None:
    """Put this command into the command line."""
    app.command("chains", help=words("Show who probably infected whom, by numbers; the look is on the ledger."))(
        show_chains
    )


@call
def read_chains(store: Store, asked: Asked, *, disease: str, purpose: str) -> Answer:
    """Draw the chains of a disease."""
    chains = flow.read_chains(store, disease=disease, purpose_key=purpose, actor=asked.actor, now=asked.now)
    days = [{**row, "day": calendar_day(row["day"]).isoformat()} for row in chains.reproduction.to_pylist()]
    return {
        "disease": disease,
        "cases": chains.cases.num_rows,
        "linked": chains.linked,
        "infectors": chains.infectors.to_pylist(),
        "generations": chains.generations.to_pylist(),
        "reproduction": days,
        "spread": asdict(chains.spread) if chains.spread else None,
        "attack_rates": chains.attack_rates.to_pylist(),
    }


def show_chains(
    context: typer.Context,
    disease: Annotated[str, typer.Argument(help=words("The disease."))],
    *,
    purpose: Annotated[str, typer.Option("--for", help=words("The declared purpose."))] = "tracing",
) -> None:
    """Show."""
    frame: Frame = context.obj
    answer = frame.ask(read_chains, disease=disease, purpose=purpose)
    if frame.wants_json:
        frame.show(answer, "")
        return
    frame.show_rows([_rounded(row) for row in answer["reproduction"]], REPRODUCTION)
    frame.show_rows([_rounded(row) for row in answer["attack_rates"]], ATTACK_RATES)
    frame.show(answer, "{linked} of {cases} cases have an infector who is more likely than not.")
    if answer["spread"]:
        sentence = "{cases} early cases infected {r} each ({r_low} to {r_high}); k is {k} ({k_low} to {k_high})."
        frame.show(_flat(answer["spread"]), sentence)
    frame.show(answer, "The last days are too low: whom these cases infected has not fallen ill yet (share_seen).")


def _rounded(row: Answer) -> Answer:
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in row.items()}


def _flat(spread: Answer) -> Answer:
    numbers = {
        name + end: round(spread[kind][which], 2)
        for name, kind in (("r", "reproduction"), ("k", "dispersion"))
        for end, which in (("", "value"), ("_low", "low"), ("_high", "high"))
    }
    return {"cases": spread["cases"], **numbers}
