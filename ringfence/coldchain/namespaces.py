"""What the prefixes of a document stand for: a JSON-LD context, or the namespaces of an XML document.

Contexts are never fetched: the standard's own is known, what another address would declare stays unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ringfence.coldchain.vocabulary import CBV, EPCIS, GS1, MASTER_DATA
from ringfence.errors import InputRefused

STANDARD_CONTEXT = "https://ref.gs1.org/standards/epcis/"
STANDARD_PREFIXES: Mapping[str, str] = {
    "epcis": EPCIS,
    "cbv": CBV,
    "cbvmda": MASTER_DATA,
    "gs1": GS1,
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcterms": "http://purl.org/dc/terms/",
}


@dataclass
class Namespaces:
    """Prefixes and single terms of one document or event, and the contexts elsewhere that it names."""

    prefixes: dict[str, str] = field(default_factory=lambda: dict(STANDARD_PREFIXES))
    remote: tuple[str, ...] = ()
    _keys: dict[str, str] = field(default_factory=dict, repr=False)

    def with_context(self, context: object) -> "Namespaces":
        """These and what a JSON-LD context adds; parts of a context that are no such thing declare nothing."""
        added = Namespaces(dict(self.prefixes), self.remote)
        for part in context if isinstance(context, list) else [context]:
            if isinstance(part, str) and not part.startswith(STANDARD_CONTEXT):
                added.remote += (part,)
            elif isinstance(part, dict):
                added.prefixes.update(_declared(part))
        return added

    def declares(self, key: str) -> bool:
        """Whether the prefix of a key, if it has one, is declared; a web address in full needs none."""
        prefix, colon, local = key.partition(":")
        return not colon or key.startswith("{") or prefix in self.prefixes or local.startswith("//") or prefix == "urn"

    def name_of(self, key: str) -> str:
        """A key as `{namespace}local`, as CBV 2.0 (8.9.2) writes it; a key without a prefix as it is.

        InputRefused where nobody can know what the prefix stands for.
        """
        name = self._keys.get(key)
        if name is None:
            name = self._keys[key] = self._written_out(key)
        return name

    def _written_out(self, key: str) -> str:
        if key.startswith("{"):
            return key
        prefix, colon, local = key.partition(":")
        if not colon:
            return _split(self.prefixes[key]) if key in self.prefixes and key not in STANDARD_PREFIXES else key
        if prefix in self.prefixes and not local.startswith("//"):
            return f"{{{self.prefixes[prefix]}}}{local}"
        if self.declares(key):
            return _split(key)
        raise InputRefused("the prefix of {key} is not declared in the document's context", key=key)

    def value_of(self, text: str) -> str:
        """A value with a declared prefix (CURIE) in full; any other text as it is."""
        prefix, colon, local = text.partition(":")
        if not colon or local.startswith("//") or prefix not in self.prefixes or " " in text:
            return text
        return self.prefixes[prefix] + local


def _declared(context: dict[str, object]) -> dict[str, str]:
    """What the terms of one context object stand for."""
    declared = {}
    for term, meaning in context.items():
        address = meaning.get("@id") if isinstance(meaning, dict) else meaning
        if isinstance(address, str) and not term.startswith("@"):
            declared[term] = address
    return {term: _in_full(address, declared) for term, address in declared.items()}


def _in_full(address: str, declared: Mapping[str, str]) -> str:
    """A term's meaning, whose own prefix may be declared beside it."""
    prefix, colon, local = address.partition(":")
    known = declared.get(prefix, STANDARD_PREFIXES.get(prefix))
    return known + local if colon and known and not local.startswith("//") else address


def _split(address: str) -> str:
    """A web address as `{namespace}local`: parted after the last slash, hash or colon."""
    cut = max(address.rfind(mark) for mark in "/#:") + 1
    return f"{{{address[:cut]}}}{address[cut:]}"
