"""The page of all indicators, in the reader's language: docs/indicators.md is its English form (policy 7.3)."""

from ringfence.account.indicator import Indicator, read_indicators
from ringfence.terms import Language, say

HEADING = "Indicators"
OPENING = (
    "Each indicator is a share: a numerator and a denominator, counted in the area each row belongs to and added up "
    "over whatever lies below. What has a deadline is counted on the local day its deadline falls on. Nobody found "
    "drops out of a denominator by being unreachable, refusing or lost. Times are the policy numbers named as limits."
)
_FIELDS = ("numerator", "denominator", "clock")


def write_page(language: Language) -> str:
    """The page as Markdown."""
    sections = [_write_section(indicator, language) for indicator in read_indicators().values()]
    return "\n".join([f"# {say(HEADING, {}, language)}", "", say(OPENING, {}, language), "", *sections])


def _write_section(indicator: Indicator, language: Language) -> str:
    lines = [f"## {say(indicator.title, {}, language)}", "", f"`{indicator.key}`, {indicator.clause}", ""]
    lines += [f"- {say(name, {}, language)}: {say(getattr(indicator, name), {}, language)}" for name in _FIELDS]
    if indicator.limit:
        lines.append(f"- {say('limit', {}, language)}: `{indicator.limit}`")
    lines.append(
        f"- {say('the more the better' if indicator.more_is_better else 'the fewer the better', {}, language)}"
    )
    return "\n".join([*lines, ""])
