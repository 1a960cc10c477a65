"""Passwords and PINs as Argon2id, a few at a time: each costs time and memory on purpose (policy 6.4)."""

import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ringfence.errors import InputRefused, Overloaded

LONGEST = 256  # characters; a longer secret is no password, it is an attempt to keep us busy

_LONGEST_WAIT_S = 10.0


class SecretHashing:
    """Argon2id with the library's defaults (RFC 9106, low-memory profile: 64 MiB each), at most `at_once` at a time.

    Whoever comes while all are taken waits; Overloaded after ten seconds, so that a flood of wrong passwords can
    neither eat the memory nor hold every thread of a server.
    """

    def __init__(self, *, at_once: int, longest_wait_s: float = _LONGEST_WAIT_S) -> None:
        self._hasher = PasswordHasher()
        self._turns = threading.BoundedSemaphore(at_once)
        self._longest_wait_s = longest_wait_s

    def hash(self, secret: str) -> str:
        """The hash to keep; InputRefused for more than 256 characters."""
        _check_length(secret)
        with self._turn():
            return self._hasher.hash(_bytes_of(secret))

    def is_right(self, known: str | None, secret: str) -> bool:
        """Whether it is the secret of a hash; without a hash it takes the same time and is never right."""
        if len(secret) > LONGEST:
            return False
        with self._turn():
            try:
                self._hasher.verify(known or self._nobodys, _bytes_of(secret))
            except (VerificationError, InvalidHashError):
                return False
        return known is not None

    @cached_property
    def _nobodys(self) -> str:
        """A hash to spend the same time on where there is no account; made when first needed, for it takes time too."""
        return self._hasher.hash(secrets.token_hex())

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=self._longest_wait_s):
            raise Overloaded("too many people are signing in at this moment; try again in a minute")
        try:
            yield
        finally:
            self._turns.release()


HASHING = SecretHashing(at_once=len(os.sched_getaffinity(0)))
"""The process's own: as many at a time as it has cores, for more would only wait on each other."""


def check_is_strong(password: str, *, user_id: str, fewest: int) -> None:
    """InputRefused for a password shorter than the policy's fewest characters, or one that holds the account's key.

    Length is what counts; rules about kinds of characters make passwords worse (NIST SP 800-63B, section 3.1.1.2).
    """
    if len(password) < fewest or len(set(password)) < fewest // 2:
        raise InputRefused(
            "a password has at least {fewest} characters, half of them different; choose a longer one", fewest=fewest
        )
    if user_id.lower() in password.lower():
        raise InputRefused("a password does not hold the account's key; choose another one")


def check_is_strong_pin(pin: str, *, fewest: int) -> None:
    """InputRefused for a PIN that is not digits only, too short, one digit repeated, or a run of the digits."""
    if not (pin.isascii() and pin.isdigit() and fewest <= len(pin) <= LONGEST):
        raise InputRefused("a PIN has at least {fewest} digits and nothing else; choose another one", fewest=fewest)
    steps = {(int(later) - int(digit)) % 10 for digit, later in pairwise(pin)}
    if len(steps) == 1:
        raise InputRefused("this PIN is the first that anybody would try; choose another one")


def _bytes_of(secret: str) -> bytes:
    """As UTF-8; what no text can hold, but JSON can carry, is a wrong secret and no error."""
    return secret.encode(errors="surrogatepass")


def _check_length(secret: str) -> None:
    if len(secret) > LONGEST:
        raise InputRefused("a password has at most {longest} characters; choose a shorter one", longest=LONGEST)
