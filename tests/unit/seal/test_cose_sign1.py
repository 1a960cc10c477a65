"""COSE_Sign1: what standards and issuers write is believed; all else is refused, at a stage that is named."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from seal_authority import UNHURRIED
from seal_oracle import (
    ES256,
    PS256,
    array,
    bstr,
    es256,
    header,
    mapping,
    parts,
    ps256,
    sign1,
    structure,
    tag,
    tstr,
)

from ringfence.errors import TokenRefused
from ringfence.seal import (
    Algorithm,
    FileSigner,
    Header,
    Keys,
    Stage,
    VerifyingKey,
    check_algorithm,
    check_signature,
    find_keys,
    keys_by_id,
    make_key,
    read_message,
    sign_message,
    verify_message,
)
from ringfence.seal.cose import MESSAGE_LIMIT

KEY_ID = b"key-id-7"
PAYLOAD = b"the claims"
KEY = ec.derive_private_key(7, ec.SECP256R1())
OTHER = ec.derive_private_key(8, ec.SECP256R1())
RSA_KEY = rsa.generate_private_key(65537, 2048)
PROTECTED = header(key_id=KEY_ID, algorithm=ES256)


def bare(key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey, key_id: bytes = KEY_ID) -> VerifyingKey:
    algorithm = Algorithm.PS256 if isinstance(key, rsa.RSAPublicKey) else Algorithm.ES256
    return VerifyingKey(key_id=key_id, public_key=key, algorithm=algorithm)


TRUST = keys_by_id([bare(KEY.public_key())])
SIGNER = FileSigner(KEY, KEY_ID)


def stage_of(data: bytes, *, keys: Keys = TRUST, **options: object) -> Stage:
    """The stage at which a message is refused."""
    with pytest.raises(TokenRefused) as refused:
        verify_message(data, keys=keys, **options)
    stage = refused.value.values["stage"]
    assert isinstance(stage, Stage)
    return stage


# ---- against the standards' own examples


def public_key(x: str, y: str) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicNumbers(int(x, 16), int(y, 16), ec.SECP256R1()).public_key()


def test_the_example_of_rfc_9052_appendix_c_2_1_is_believed() -> None:
    key = public_key(
        "bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff",
        "20138bf82dc1b6d562be0fa54ab7804a3a64b6d72ccfed6b6fb6ed28bbfc117e",
    )
    signature = bytes.fromhex(
        "8eb33e4ca31d1c465ab05aac34cc6b23d58fef5c083106c4d25a91aef0b0117e"
        "2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b0916e5a4c345cacb36"
    )
    content = b"This is the content."
    data = tag(18, parts(header(algorithm=ES256), header(key_id=b"11"), content, signature))
    assert verify_message(data, keys=keys_by_id([bare(key, b"11")])).message.payload == content


def test_the_example_of_rfc_8392_appendix_a_3_is_believed() -> None:
    key = public_key(
        "143329cce7868e416927599cf65a34f3ce2ffda55a7eca69ed8919a394d42f0f",
        "60f7f1a780d8a783bfb7a2dd6b2796e8128dbbcef9d3d168db9529971a36e7b9",
    )
    data = bytes.fromhex(
        "d28443a10126a104524173796d6d657472696345434453413235365850a701756"
        "36f61703a2f2f61732e6578616d706c652e636f6d02656572696b77037818636f"
        "61703a2f2f6c696768742e6578616d706c652e636f6d041a5612aeb0051a5610d"
        "9f0061a5610d9f007420b7158405427c1ff28d23fbad1f29c4c7c6a555e601d6f"
        "a29f9179bc3d7438bacaca5acd08c8d4d4f96131680c429a01f85951ecee743a5"
        "2b9b63632c57209120e1c9e30"
    )
    found = verify_message(data, keys=keys_by_id([bare(key, b"AsymmetricECDSA256")]))
    assert found.message.payload.startswith(b"\xa7\x01\x75coap://as.example.com")


# ---- what is written here, read by hand


@UNHURRIED
@given(payload=st.binary(max_size=200), aad=st.binary(max_size=20))
def test_a_message_is_laid_out_as_written_by_hand_and_its_signature_holds(payload: bytes, aad: bytes) -> None:
    data = sign_message(payload, signer=SIGNER, external_aad=aad)
    signature = data[-64:]
    protected = mapping((b"\x01", ES256), (b"\x04", bstr(KEY_ID)))
    assert data == tag(18, parts(protected, b"\xa0", payload, signature))
    der_signature = ec_der(signature)
    KEY.public_key().verify(der_signature, structure(protected, payload, aad), ec.ECDSA(hashes.SHA256()))


def ec_der(signature: bytes) -> bytes:
    """r and s as DER INTEGERs in a SEQUENCE, by hand."""
    numbers = [int.from_bytes(half).to_bytes(33).lstrip(b"\0") or b"\0" for half in (signature[:32], signature[32:])]
    bodies = [b"\0" + number if number[0] & 0x80 else number for number in numbers]
    content = b"".join(bytes([2, len(body)]) + body for body in bodies)
    return bytes([0x30, len(content)]) + content


@UNHURRIED
@given(payload=st.binary(max_size=200), aad=st.binary(max_size=20))
def test_what_is_signed_is_believed_with_the_same_context_only(payload: bytes, aad: bytes) -> None:
    data = sign_message(payload, signer=SIGNER, external_aad=aad)
    found = verify_message(data, keys=TRUST, external_aad=aad)
    assert (found.message.payload, found.key.key_id) == (payload, KEY_ID)
    assert stage_of(data, external_aad=aad + b"!") is Stage.SIGNATURE


def test_a_caller_cannot_make_a_message_name_another_algorithm_or_key() -> None:
    data = sign_message(PAYLOAD, signer=SIGNER, headers={Header.ALGORITHM: -37, Header.KEY_ID: b"other", 16: "a/b"})
    assert verify_message(data, keys=TRUST).message.protected == {1: -7, 4: KEY_ID, 16: "a/b"}


# ---- every change is noticed


def test_no_bit_of_a_message_can_be_turned_unnoticed() -> None:
    data = sign_message(PAYLOAD, signer=SIGNER)
    for index in range(len(data)):
        for bit in range(8):
            changed = bytearray(data)
            changed[index] ^= 1 << bit
            stage_of(bytes(changed))


@pytest.mark.verify
def test_no_byte_of_a_message_can_be_any_other_byte() -> None:
    data = sign_message(PAYLOAD, signer=SIGNER)
    for index in range(len(data)):
        for value in set(range(256)) - {data[index]}:
            stage_of(data[:index] + bytes([value]) + data[index + 1 :])


def test_no_part_of_a_message_can_be_left_out_and_nothing_added() -> None:
    data = sign_message(PAYLOAD, signer=SIGNER)
    assert {stage_of(data[:size]) for size in range(len(data))} == {Stage.COSE}
    assert stage_of(data + b"\0") is Stage.COSE


# ---- what issuers in the field write, and standards allow


def malleable(data: bytes) -> bytes:
    """The same message with a second signature that holds: s replaced by n - s."""
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    return data[:-32] + (order - int.from_bytes(data[-32:])).to_bytes(32)


UNSIGNED_HEADERS = header(key_id=KEY_ID, algorithm=ES256)
FIELD = {
    "tag 18": tag(18, sign1(KEY, protected=PROTECTED)),
    "no tag": sign1(KEY, protected=PROTECTED),
    "the web token tag around it": tag(61, tag(18, sign1(KEY, protected=PROTECTED))),
    "key id unprotected": sign1(KEY, protected=header(algorithm=ES256), unprotected=header(key_id=KEY_ID)),
    "algorithm unprotected": sign1(KEY, protected=header(key_id=KEY_ID), unprotected=header(algorithm=ES256)),
    "nothing protected": sign1(KEY, protected=b"", unprotected=UNSIGNED_HEADERS),
    "an empty map protected": parts(b"\xa0", UNSIGNED_HEADERS, PAYLOAD, es256(KEY, structure(b"", PAYLOAD))),
    "another key id unprotected": sign1(KEY, protected=PROTECTED, unprotected=header(key_id=b"other")),
    "another algorithm unprotected": sign1(KEY, protected=PROTECTED, unprotected=header(algorithm=PS256)),
    "a private header": sign1(KEY, protected=header(key_id=KEY_ID, algorithm=ES256, more=((tstr("x"), b"\x01"),))),
    "a header demanded and understood": sign1(
        KEY, protected=header(key_id=KEY_ID, algorithm=ES256, more=((b"\x02", array(b"\x01", b"\x04")),))
    ),
    "lengths left open": b"\x9f" + sign1(KEY, protected=PROTECTED)[1:] + b"\xff",
    "the other half of a malleable signature": malleable(sign1(KEY, protected=PROTECTED)),
}


@pytest.mark.parametrize("data", FIELD.values(), ids=FIELD.keys())
def test_what_is_sound_is_believed(data: bytes) -> None:
    assert verify_message(data, keys=TRUST).message.payload == PAYLOAD


# ---- forged and malformed, each sound up to the stage where it must fail

SIGNED = sign1(KEY, protected=PROTECTED)
SIGNATURE = SIGNED[-64:]
MALFORMED = {
    "nothing": b"",
    "an unsigned claims set": mapping((b"\x01", tstr("DE"))),
    "an unsigned claims set as a web token": tag(61, mapping((b"\x01", tstr("DE")))),
    "tag 18 twice": tag(18, tag(18, SIGNED)),
    "the web token tag alone": tag(61, SIGNED),
    "the tags the wrong way round": tag(18, tag(61, SIGNED)),
    "the tag of a COSE_Mac0": tag(17, SIGNED),
    "the tag of a COSE_Sign": tag(98, SIGNED),
    "the self-described tag": tag(55799, tag(18, SIGNED)),
    "three parts": array(bstr(PROTECTED), b"\xa0", bstr(PAYLOAD)),
    "five parts": array(bstr(PROTECTED), b"\xa0", bstr(PAYLOAD), bstr(SIGNATURE), b"\x00"),
    "a protected header out of its bytes": array(PROTECTED, b"\xa0", bstr(PAYLOAD), bstr(SIGNATURE)),
    "a protected header that is a list": parts(b"\x80", b"\xa0", PAYLOAD, SIGNATURE),
    "a byte after the protected header": parts(PROTECTED + b"\0", b"\xa0", PAYLOAD, SIGNATURE),
    "a key twice in the protected header": parts(
        header(key_id=KEY_ID, algorithm=ES256, more=((b"\x01", ES256),)), b"\xa0", PAYLOAD, SIGNATURE
    ),
    "a key twice in the unprotected header": parts(
        PROTECTED, mapping((b"\x05", b"\0"), (b"\x05", b"\0")), PAYLOAD, SIGNATURE
    ),
    "an unprotected header that is a list": parts(PROTECTED, b"\x80", PAYLOAD, SIGNATURE),
    "a label that is true, which Python takes for 1": parts(mapping((b"\xf5", ES256)), b"\xa0", PAYLOAD, SIGNATURE),
    "a label that is 1.0": parts(mapping((bytes.fromhex("f93c00"), ES256)), b"\xa0", PAYLOAD, SIGNATURE),
    "a label that is a list": parts(PROTECTED, mapping((b"\x80", b"\0")), PAYLOAD, SIGNATURE),
    "no payload": array(bstr(PROTECTED), b"\xa0", b"\xf6", bstr(SIGNATURE)),
    "a payload out of its bytes": array(bstr(PROTECTED), b"\xa0", mapping(), bstr(SIGNATURE)),
    "a signature that is a text": array(bstr(PROTECTED), b"\xa0", bstr(PAYLOAD), tstr("x" * 64)),
    "a demand for an unknown header": sign1(
        KEY,
        protected=header(key_id=KEY_ID, algorithm=ES256, more=((b"\x02", array(tstr("new"))), (tstr("new"), b"\0"))),
    ),
    "a demand for a header that is not there": sign1(
        KEY, protected=header(key_id=KEY_ID, algorithm=ES256, more=((b"\x02", array(b"\x03")),))
    ),
    "a demand for nothing": sign1(KEY, protected=header(key_id=KEY_ID, algorithm=ES256, more=((b"\x02", array()),))),
    "a demand that is a number": sign1(KEY, protected=header(key_id=KEY_ID, algorithm=ES256, more=((b"\x02", b"\1"),))),
    "a demand for a list": sign1(
        KEY, protected=header(key_id=KEY_ID, algorithm=ES256, more=((b"\x02", array(array())),))
    ),
    "an unprotected demand": sign1(KEY, protected=PROTECTED, unprotected=mapping((b"\x02", array(b"\x01")))),
    "a bomb of nested lists": tag(18, b"\x81" * 50_000),
    "a list longer than memory": tag(18, bytes.fromhex("9b7fffffffffffffff")),
    "more bytes than allowed": sign1(KEY, protected=PROTECTED, payload=b"\0" * MESSAGE_LIMIT),
}
UNKNOWN_KEY = {
    "no key id": sign1(KEY, protected=header(algorithm=ES256)),
    "an unknown key id": sign1(KEY, protected=header(key_id=b"unknown!", algorithm=ES256)),
    "an empty key id": sign1(KEY, protected=header(key_id=b"", algorithm=ES256)),
    "half a key id": sign1(KEY, protected=header(key_id=KEY_ID[:4], algorithm=ES256)),
    "a key id that is a text": sign1(KEY, protected=mapping((b"\x01", ES256), (b"\x04", tstr("key-id-7")))),
    "a key id that is a list": sign1(KEY, protected=mapping((b"\x01", ES256), (b"\x04", array()))),
    "an unknown key id protected, the right one not": sign1(
        KEY, protected=header(key_id=b"unknown!", algorithm=ES256), unprotected=header(key_id=KEY_ID)
    ),
}
WRONG_ALGORITHM = {
    "no algorithm": sign1(KEY, protected=header(key_id=KEY_ID)),
    "RSA for a P-256 key": sign1(KEY, protected=header(key_id=KEY_ID, algorithm=PS256)),
    "a MAC with the public key as its secret": sign1(KEY, protected=header(key_id=KEY_ID, algorithm=b"\x05")),
    "an unknown number": sign1(KEY, protected=header(key_id=KEY_ID, algorithm=bytes.fromhex("3903e6"))),
    "a text": sign1(KEY, protected=header(key_id=KEY_ID, algorithm=tstr("ES256"))),
    "-7.0": sign1(KEY, protected=header(key_id=KEY_ID, algorithm=bytes.fromhex("f9c700"))),
    "null protected, the right one not": sign1(
        KEY, protected=header(key_id=KEY_ID, algorithm=b"\xf6"), unprotected=header(algorithm=ES256)
    ),
    "another one protected, the right one not": sign1(
        KEY, protected=header(key_id=KEY_ID, algorithm=PS256), unprotected=header(algorithm=ES256)
    ),
}
FORGED = {
    "another key's signature": sign1(OTHER, protected=PROTECTED),
    "no signature": parts(PROTECTED, b"\xa0", PAYLOAD, b""),
    "nothing but zeros": parts(PROTECTED, b"\xa0", PAYLOAD, bytes(64)),
    "a signature in DER form": parts(PROTECTED, b"\xa0", PAYLOAD, ec_der(SIGNATURE)),
    "a byte too few": parts(PROTECTED, b"\xa0", PAYLOAD, SIGNATURE[:-1]),
    "a byte too many": parts(PROTECTED, b"\xa0", PAYLOAD, SIGNATURE + b"\0"),
    "r and s exchanged": parts(PROTECTED, b"\xa0", PAYLOAD, SIGNATURE[32:] + SIGNATURE[:32]),
    "r above the order of the curve": parts(PROTECTED, b"\xa0", PAYLOAD, b"\xff" * 32 + SIGNATURE[32:]),
    "another payload": parts(PROTECTED, b"\xa0", b"other claims", SIGNATURE),
    "a header added": parts(
        header(key_id=KEY_ID, algorithm=ES256, more=((b"\x03", b"\0"),)), b"\xa0", PAYLOAD, SIGNATURE
    ),
    "the protected header moved out": parts(b"", UNSIGNED_HEADERS, PAYLOAD, SIGNATURE),
    "an empty map signed as it was written": parts(
        b"\xa0", UNSIGNED_HEADERS, PAYLOAD, es256(KEY, structure(b"\xa0", PAYLOAD))
    ),
    "signed for another context": sign1(KEY, protected=PROTECTED, aad=b"elsewhere"),
    "signed as a COSE_Sign": parts(
        PROTECTED,
        b"\xa0",
        PAYLOAD,
        es256(KEY, array(tstr("Signature"), bstr(PROTECTED), bstr(b""), bstr(b""), bstr(PAYLOAD))),
    ),
    "signed without its structure": parts(PROTECTED, b"\xa0", PAYLOAD, es256(KEY, PAYLOAD)),
}
REFUSED = [
    pytest.param(stage, data, id=f"{stage}: {name}")
    for stage, cases in (
        (Stage.COSE, MALFORMED),
        (Stage.KEY_ID, UNKNOWN_KEY),
        (Stage.ALGORITHM, WRONG_ALGORITHM),
        (Stage.SIGNATURE, FORGED),
    )
    for name, data in cases.items()
]


@pytest.mark.parametrize(("stage", "data"), REFUSED)
def test_what_is_not_sound_is_refused_where_it_fails(stage: Stage, data: bytes) -> None:
    assert stage_of(data) is stage


@UNHURRIED
@given(st.binary(max_size=200))
def test_any_bytes_are_refused(data: bytes) -> None:
    stage_of(data)


# ---- keys


def test_the_stages_can_be_taken_one_by_one() -> None:
    message = read_message(SIGNED)
    candidates = check_algorithm(message, candidates=find_keys(message, keys=TRUST))
    assert check_signature(message, candidates=candidates).key_id == KEY_ID


def test_two_keys_with_one_id_are_both_tried() -> None:
    keys = keys_by_id([bare(OTHER.public_key()), bare(RSA_KEY.public_key()), bare(KEY.public_key())])
    assert verify_message(SIGNED, keys=keys).key.public_key == KEY.public_key()
    assert stage_of(sign1(make_key(), protected=PROTECTED), keys=keys) is Stage.SIGNATURE


def test_a_key_given_twice_is_tried_once() -> None:
    assert len(keys_by_id([bare(KEY.public_key()), bare(KEY.public_key())])[KEY_ID]) == 1


def test_an_rsa_key_is_believed_with_pss_only() -> None:
    keys = keys_by_id([bare(RSA_KEY.public_key())])
    protected = header(key_id=KEY_ID, algorithm=PS256)
    sound = parts(protected, b"\xa0", PAYLOAD, ps256(RSA_KEY, structure(protected, PAYLOAD)))
    assert verify_message(sound, keys=keys).message.payload == PAYLOAD
    assert stage_of(sound[:-1] + bytes([sound[-1] ^ 1]), keys=keys) is Stage.SIGNATURE
    assert stage_of(SIGNED, keys=keys) is Stage.ALGORITHM


def test_a_key_of_one_kind_is_never_used_as_the_other() -> None:
    """Even a key that carries the wrong algorithm's number only fails: its kind decides how it is used."""
    keys = keys_by_id([replace(bare(RSA_KEY.public_key()), algorithm=Algorithm.ES256)])
    assert stage_of(SIGNED, keys=keys) is Stage.SIGNATURE


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(payload=st.binary(max_size=100))
def test_a_signer_from_a_certificate_is_believed_by_it(signer: FileSigner, trust: Keys, payload: bytes) -> None:
    assert verify_message(sign_message(payload, signer=signer), keys=trust).key.key_id == signer.key_id
