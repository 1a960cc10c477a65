"""What python-cwt and pycose take for one signed message: run by bench/gate.py in the environment of the peers.

Reads a line of JSON: the message and the signer's certificate in hex, and seconds to spend. Answers with the best
processor time of each, in seconds a message, from the bytes to the claims they vouch for;
python-cwt also looks at the period.
"""

import json
import sys
import time
from collections.abc import Callable

import cbor2
import cwt
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cwt import COSEKey
from pycose.keys import EC2Key
from pycose.keys.curves import P256
from pycose.messages import Sign1Message

ROUND = 50


def best(work: Callable[[], object], seconds: float) -> float:
    """Seconds of processor a call, in the best of many rounds."""
    work()
    found, until = float("inf"), time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.process_time()
        for _ in range(ROUND):
            work()
        found = min(found, (time.process_time() - began) / ROUND)
    return found


def main() -> None:
    """Measure both."""
    asked = json.loads(sys.stdin.readline())
    message = bytes.fromhex(asked["message"])
    public = x509.load_der_x509_certificate(bytes.fromhex(asked["certificate"])).public_key()
    key_id = bytes.fromhex(asked["key_id"])
    cwt_key = COSEKey.from_pem(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), kid=key_id)
    numbers = public.public_numbers()
    pycose_key = EC2Key(crv=P256, x=numbers.x.to_bytes(32), y=numbers.y.to_bytes(32))

    def by_cwt() -> object:
        return cwt.decode(message, cwt_key)

    def by_pycose() -> object:
        found = Sign1Message.decode(message)
        found.key = pycose_key
        if not found.verify_signature():
            raise ValueError("the signature does not hold")
        return cbor2.loads(found.payload)

    both = {"python-cwt": by_cwt, "pycose": by_pycose}
    print(json.dumps({name: best(work, asked["seconds"]) for name, work in both.items()}))


main()
