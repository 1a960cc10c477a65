"""Children that use a store and are killed: what was acknowledged they say through a pipe, where no kill undoes it."""

import os
import random
import signal
import time
import traceback
import warnings
from collections.abc import Callable
from typing import TypeAlias

Say: TypeAlias = Callable[[str], None]


def fork_child(work: Callable[[Say], None]) -> tuple[int, int]:
    """A child that does some work, and the end of the pipe on which it says what it has done."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # 3.12: forking beside threads; ours has none that matter
        child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    try:
        os.close(reading)
        work(lambda line: os.write(writing, f"{line}\n".encode()) and None)  # below PIPE_BUF: whole or not at all
        os._exit(0)
    except BaseException:  # noqa: BLE001 - nothing of the child may reach the parent's test run
        traceback.print_exc()
        os._exit(1)


def kill_at_random(work: Callable[[Say], None], *, chance: random.Random, within_s: float) -> list[str]:
    """What a child said before it was killed without warning, within some seconds after it said 'begun'."""
    child, reading = fork_child(work)
    with os.fdopen(reading, encoding="utf-8") as said:
        assert said.readline() == "begun\n", "the child did not begin; its error is on the error output"
        time.sleep(chance.random() * within_s)
        os.kill(child, signal.SIGKILL)
        lines = said.read().splitlines()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code == -signal.SIGKILL, f"the child ended by itself with {code}: make it work longer"
    return lines


def run_to_end(work: Callable[[Say], None]) -> list[str]:
    """Everything a child said; it must end well."""
    child, reading = fork_child(work)
    with os.fdopen(reading, encoding="utf-8") as said:
        lines = said.read().splitlines()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, "the child failed; its error is on the error output"
    return lines
