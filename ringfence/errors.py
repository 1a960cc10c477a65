"""The error tree: one class for each way things go wrong, one sentence each, one exit code each.

An error is raised with a sentence in braces form and its values, so that it can be said in the reader's language:
`raise WriterBusy("process {pid} is writing to {folder}; stop it or ask it", pid=7, folder=folder)`.
The sentence says what, where and what to do. Values are ids, counts, paths and codes, never names of people.
"""

from typing import ClassVar


class RingfenceError(Exception):
    """Anything Ringfence refuses or cannot do; `exit_code` is what the command line ends with."""

    exit_code: ClassVar[int] = 1

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence, values)
        self.sentence = sentence
        self.values = values

    def __str__(self) -> str:
        return self.sentence.format_map(self.values)


class InputRefused(RingfenceError):
    """What was handed in cannot be used as it is; nothing of it was kept."""

    exit_code = 10


class FeedRejected(InputRefused):
    """A department's file cannot be received."""

    exit_code = 11


class AreasRefused(InputRefused):
    """The area or place file does not form a hierarchy."""

    exit_code = 12


class PolicyRefused(InputRefused):
    """A policy file contradicts itself."""

    exit_code = 13


class TokenRefused(InputRefused):
    """A sealed text (signature, link, code) is not what it claims to be."""

    exit_code = 14


class CursorRefused(InputRefused):
    """The place in a list where the next page should begin is not one that this list gave."""

    exit_code = 15


class NotFound(RingfenceError):
    """The thing asked for does not exist, or not for this reader."""

    exit_code = 20


class NotAllowed(RingfenceError):
    """The actor's roles, areas or purpose do not cover this."""

    exit_code = 30


class ApprovalMissing(NotAllowed):
    """This act needs a second person's approval of exactly this plan."""

    exit_code = 31


class NotSignedIn(NotAllowed):
    """Nobody is signed in, the session has ended, or the secret was not right."""

    exit_code = 32


class TooManyAttempts(NotAllowed):
    """Too many wrong tries; the value `seconds` says how long to wait."""

    exit_code = 33


class PasswordRefused(NotAllowed):
    """Somebody signed in did not say their own password right; their session goes on."""

    exit_code = 34


class TransitionRefused(RingfenceError):
    """The life cycle of the thing has no step from where it is to where it was sent."""

    exit_code = 40


class ChangedMeanwhile(RingfenceError):
    """Somebody changed the thing between this caller's look and its act."""

    exit_code = 41


class Unusable(RingfenceError):
    """The deployment cannot be worked with until somebody mends it; nothing was lost."""

    exit_code = 50


class DeploymentMissing(Unusable):
    """There is no deployment in this folder, or one already."""

    exit_code = 51


class KeysMissing(Unusable):
    """A key that the stored data needs cannot be had."""

    exit_code = 52


class LedgerBroken(Unusable):
    """The ledger's chain does not hold."""

    exit_code = 53


class DiskFull(Unusable):
    """The disk has no room; what was not acknowledged is not there."""

    exit_code = 54


class WriterBusy(Unusable):
    """Another process holds the one writer's lease."""

    exit_code = 55


class SchemaMismatch(Unusable):
    """The database was made by another version of Ringfence."""

    exit_code = 56


class StoredDamaged(Unusable):
    """A file the manifest vouches for is missing or not what was written."""

    exit_code = 57


class Overloaded(Unusable):
    """More is asked at this moment than this machine can answer; asking again a little later helps."""

    exit_code = 58
