"""The situation at the sentinels: what a day's counts say, who was silent, what became of alarms (policy 4)."""

from ringfence.situation.answers import Answer, read_answers
from ringfence.situation.page import count_answers, read_middles, write_page, write_report
from ringfence.situation.watching import Situation, Watched, read_situation, watch_sentinels

__all__ = [
    "Answer",
    "Situation",
    "Watched",
    "count_answers",
    "read_answers",
    "read_middles",
    "read_situation",
    "watch_sentinels",
    "write_page",
    "write_report",
]
