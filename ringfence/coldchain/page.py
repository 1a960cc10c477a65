"""The page of the cold chain's rules and readings, docs/coldchain.md."""

from itertools import groupby

from ringfence.coldchain.rules import RULES, Rule

HEAD = """# Cold chain: EPCIS documents read, named and checked

Made from the rules in `ringfence/coldchain` by `tools/docs.py`; do not edit.

Three commands need no deployment: `ringfence coldchain convert URI` (EPC URN and GS1 Digital Link into each other),
`ringfence coldchain hash FILE` (one CBV 2.0 event hash a line) and `ringfence coldchain check FILE --json`.
`ringfence coldchain capture FILE...` takes events into a deployment, and
`ringfence coldchain trace LOT --direction forward|backward|both --json` says where a lot went and what it came from.

## What is read

JSON and JSON-LD as an EPCISDocument, an EPCISQueryDocument, a list of events or one event alone; XML 2.0 as an
EPCISDocument or EPCISQueryDocument. Contexts are never fetched: the standard's own is known by heart, and a prefix that
only another address declares is told as undeclared. XML with a document type is refused, and with it every entity.
Extensions are kept.

## What capturing keeps

An event is named by its hash, so it is in once, whoever sends it in whatever form. The lake holds a row an event and a
row a thing or amount in it; the vault holds the events as they were sent, extensions included, and those that break a
rule with path and rule (`ringfence feeds rejects export`). Warnings are told and change nothing. An error declaration
is kept beside the event that it takes back; a declaration of an event nobody sent is counted. With `--whole` one error
keeps the whole file out.

Rules about one event are asked once for all events of a *shape*: what is left of an event when sound serial numbers,
past times and plain amounts are taken out. An event with anything else in it is asked about by itself.

## What a trace follows

Forward, a *tainted* thing passes on to what is made of it afterwards (every output of a transformation, in one event or
in several with one transformation id), to what it holds, and to what it is put into. What only holds it is a *carrier*
from packing to unpacking, nested as deep as it goes, and clean afterwards: a pallet used again leads nowhere. Backward
is the same with time and transformations turned round. Places and parties are those of the events that saw a thing or
carrier in that time.

*Certain* is what every step of some way says outright. *Possible* is what came out of a transformation with several
inputs and several outputs, and what was unpacked, or seen, where nobody told of the packing. Order within one instant
is not known, so both orders are followed. Events that an error declaration takes back do not count. Each thing comes
with its way, step by step. Events may come late and in any order: the index is made anew when files came or went.
`ringfence coldchain sheet LOT FILE` writes the sheet that regulators ask for within a day, as CSV or xlsx: the key data
elements of US FSMA 204, as far as events say them.

## How the event hash is read where the standard leaves it open

- Destinations stand before sources, and `certificationInfo` after the zone's offset, as in the published vectors.
- `epcList` stands before `parentID`, as in the standard's table.
- Only zeros after a decimal point are taken away: a lot `0012` is another than `12`. Other implementations read such a
  text as a number.
- A prefix (CURIE) is written out wherever it is declared, in values too.
- The standard writes fields one after the other without a mark between them, so an extension at the end of a place and
  the same one directly after it have one hash. That is the standard's, not ours.

## Rules

An error contradicts the standard or itself; a warning is allowed but seldom meant. Sections without a name of another
standard are those of EPCIS 2.0. Every rule has a passing and a failing neighbour in
`tests/unit/coldchain/test_rules.py` that differ in one field.
"""


def write_page() -> str:
    """The whole page, rules by section of the standard."""
    ordered = sorted(RULES.values(), key=lambda rule: (not rule.section[0].isdigit(), rule.section, rule.name))
    return HEAD + "".join(
        _section(section, list(rules)) for section, rules in groupby(ordered, key=lambda rule: rule.section)
    )


def _section(section: str, rules: list[Rule]) -> str:
    rows = "".join(f"| `{rule.name}` | {rule.level} | {rule.sentence} |\n" for rule in rules)
    return f"\n### {section}\n\n| rule | level | what must hold |\n|---|---|---|\n{rows}"
