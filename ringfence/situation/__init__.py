"""The situation at the sentinels: what a day's counts say, who was silent, what became of alarms (policy 4)."""

from ringfence.situation.answers import Answer, read_answers
from ringfence.situation.page import (
    DAYS_OF_ANSWERS,
    count_answers,
    read_middles,
    sort_by_gravity,
    write_page,
    write_report,
)
from ringfence.situation.watching import Situation, Watched, read_situation, watch_sentinels

__all__ = [
    "DAYS_OF_ANSWERS",
    "Answer",
    "Situation",
    "Watched",
    "count_answers",
    "read_answers",
    "read_middles",
    "read_situation",
    "sort_by_gravity",
    "watch_sentinels",
    "write_page",
    "write_report",
]
