"""The demo as it is run: its closing table changes when a rule or a feed is taken away."""

import re
import subprocess
import sys

import pytest

pytestmark = pytest.mark.verify

SMALL = ("--residents", "3000", "--days", "6", "--no-serve", "--seed", "3")


def play(*options: str) -> str:
    command = [sys.executable, "-m", "ringfence", "--language", "en", "demo", *SMALL, *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)  # noqa: S603 - our own command
    assert done.returncode == 0, done.stderr
    return done.stdout


def found(story: str) -> tuple[int, ...]:
    """Found, listed, below and retracted, as the table says."""
    match = re.search(r"Found (\d+): (\d+) listed, (\d+) below the cut, (\d+) retracted", story)
    assert match, story
    return tuple(int(number) for number in match.groups())


def test_every_rule_and_feed_taken_away_changes_the_closing_table() -> None:
    whole = play()
    total, listed, below, retracted = found(whole)
    assert total == listed + below + retracted
    assert "Linking, all ID numbers removed" in whole
    for option in (
        ("--without-rule", "same_place"),
        ("--without-rule", "household"),
        ("--without-rule", "near_in_place_and_day"),
        ("--without-feed", "check_ins"),
        ("--without-feed", "case_routes"),
        ("--without-feed", "case_line_list"),
        ("--without-feed", "laboratory_results"),
    ):
        assert play(*option) != whole, option
