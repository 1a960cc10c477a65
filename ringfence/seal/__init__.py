"""Seal: keys, signatures, codes and trust lists."""

from ringfence.seal.cbor import read_cbor, write_cbor
from ringfence.seal.certificates import (
    certificate_bytes,
    is_issued_by,
    issue_certificate,
    make_root,
    read_certificate,
    usage_of,
    verifying_key,
)
from ringfence.seal.compression import deflate, inflate
from ringfence.seal.cose import (
    Header,
    Message,
    Verified,
    check_algorithm,
    check_signature,
    find_keys,
    read_message,
    sign_message,
    verify_message,
)
from ringfence.seal.key_files import make_key_files, read_signer, read_trust
from ringfence.seal.keys import Algorithm, Keys, Period, VerifyingKey, key_id_of, keys_by_id
from ringfence.seal.ledger_heads import LEDGER_HEAD, check_head, sign_head
from ringfence.seal.qr import Correction, read_codes, write_qr_png, write_qr_svg
from ringfence.seal.sealed_text import Claims, SealedText, read_text, sign_text
from ringfence.seal.signers import FileSigner, Signer, file_signer, make_key, read_key, write_key
from ringfence.seal.stages import Stage
from ringfence.seal.trust_lists import TRUST_LIST, TrustList, compare_trust_lists, publish_trust_list, read_trust_list

__all__ = [
    "LEDGER_HEAD",
    "TRUST_LIST",
    "Algorithm",
    "Claims",
    "Correction",
    "FileSigner",
    "Header",
    "Keys",
    "Message",
    "Period",
    "SealedText",
    "Signer",
    "Stage",
    "TrustList",
    "Verified",
    "VerifyingKey",
    "certificate_bytes",
    "check_algorithm",
    "check_head",
    "check_signature",
    "compare_trust_lists",
    "deflate",
    "file_signer",
    "find_keys",
    "inflate",
    "is_issued_by",
    "issue_certificate",
    "key_id_of",
    "keys_by_id",
    "make_key",
    "make_key_files",
    "make_root",
    "publish_trust_list",
    "read_cbor",
    "read_certificate",
    "read_codes",
    "read_key",
    "read_message",
    "read_signer",
    "read_text",
    "read_trust",
    "read_trust_list",
    "sign_head",
    "sign_message",
    "sign_text",
    "usage_of",
    "verify_message",
    "verifying_key",
    "write_cbor",
    "write_key",
    "write_qr_png",
    "write_qr_svg",
]
