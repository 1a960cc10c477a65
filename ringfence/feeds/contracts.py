"""The register of formats: none loads whose purpose or retention the published policy does not declare (policy 6.4)."""

from ringfence.errors import FeedRejected, NotFound
from ringfence.feeds.declarations import Format
from ringfence.plugins import find_plugins
from ringfence.policy import PolicySet

PACKAGE = "ringfence.feeds.formats"


def list_formats() -> list[str]:
    """The names of all formats there are."""
    return list(find_plugins(PACKAGE, "declare"))


def read_format(name: str, *, policy: PolicySet) -> Format:
    """A format by name; NotFound for one there is none of, FeedRejected for one under no declared contract."""
    formats = find_plugins(PACKAGE, "declare")
    if name not in formats:
        raise NotFound("there is no format {format}; choose one of {formats}", format=name, formats=", ".join(formats))
    declared: Format = formats[name]()
    check_contract(declared, policy=policy)
    return declared


def check_contract(declared: Format, *, policy: PolicySet) -> None:
    """FeedRejected where the policy declares no purpose or no retention for what a format brings."""
    contract = declared.contract
    if contract.purpose not in policy.purposes:
        raise FeedRejected(
            "format {format} is for the purpose '{purpose}', which purposes.yaml does not declare; declare it there",
            format=declared.name,
            purpose=contract.purpose,
        )
    if contract.retention not in policy.retention:
        raise FeedRejected(
            "format {format} is kept as '{retention}', of which retention.yaml says nothing; declare it there",
            format=declared.name,
            retention=contract.retention,
        )
