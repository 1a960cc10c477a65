"""Signals: raised, verified, dismissed, withdrawn; and the cases they are about (policy 2.2)."""

from ringfence.signals.cases import CaseReport, list_cases, put_case, read_case, read_case_keys, read_episodes
from ringfence.signals.life import (
    Decision,
    dismiss_signal,
    list_signals,
    mark_responded,
    raise_signal,
    read_by_origin,
    read_decisions,
    read_signal,
    reopen_signal,
    verify_signal,
    withdraw_signal,
)
from ringfence.signals.listings import CASES, OBSERVATIONS, SIGNALS
from ringfence.signals.observations import put_observations
from ringfence.signals.pools import (
    HeldMember,
    MemberResult,
    PoolReport,
    Settlement,
    hold_members,
    put_pools,
    read_held,
    read_members,
    settle_members,
)
from ringfence.signals.withdrawing import StandingSignal, find_signals_on, withdraw_cases_on

__all__ = [
    "CASES",
    "OBSERVATIONS",
    "SIGNALS",
    "CaseReport",
    "Decision",
    "HeldMember",
    "MemberResult",
    "PoolReport",
    "Settlement",
    "StandingSignal",
    "dismiss_signal",
    "find_signals_on",
    "hold_members",
    "list_cases",
    "list_signals",
    "mark_responded",
    "put_case",
    "put_observations",
    "put_pools",
    "raise_signal",
    "read_by_origin",
    "read_case",
    "read_case_keys",
    "read_decisions",
    "read_episodes",
    "read_held",
    "read_members",
    "read_signal",
    "reopen_signal",
    "settle_members",
    "verify_signal",
    "withdraw_cases_on",
    "withdraw_signal",
]
