"""Verifies JWS files, compact or JSON, with an independent library.

usage: verify.py LEAF.pem JWS[=PAYLOAD]...

A detached payload is the file behind the equals sign. The key is that of the certificate LEAF.pem, never one found in a JWS. Writes one line for each file: "valid" and the
payload in base64, or "refused" and the reason.
"""

import base64
import hashlib
import pathlib
import sys

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from jwcrypto import jwk, jws
from jwcrypto.common import JWException, json_decode

ALGORITHMS = ["ES256", "ES384", "EdDSA", "PS256", "RS256"]


def verify(leaf: bytes, text: str, detached: bytes | None) -> bytes:
    certificate = x509.load_pem_x509_certificate(leaf).public_bytes(Encoding.DER)
    token = jws.JWS()
    token.allowed_algs = ALGORITHMS
    token.deserialize(text)
    token.verify(jwk.JWK.from_pem(leaf), detached_payload=detached)
    signature = token.objects.get("signatures", [token.objects])[0]
    header = json_decode(signature["protected"])
    digest = base64.urlsafe_b64encode(hashlib.sha256(certificate).digest()).rstrip(b"=").decode()
    if header.get("x5t#S256") != digest:
        raise ValueError("x5t#S256 is not the digest of the certificate")
    if header.get("x5c", [""])[0] != base64.b64encode(certificate).decode():
        raise ValueError("x5c does not start with the certificate")
    payload = token.payload if detached is None else detached
    return payload.encode() if isinstance(payload, str) else payload


def main() -> None:
    leaf = pathlib.Path(sys.argv[1]).read_bytes()
    for argument in sys.argv[2:]:
        name, _, beside = argument.partition("=")
        detached = pathlib.Path(beside).read_bytes() if beside else None
        try:
            payload = verify(leaf, pathlib.Path(name).read_text(encoding="utf-8"), detached)
        except (JWException, ValueError) as error:
            print("refused", type(error).__name__, *str(error).split())
        else:
            print("valid", base64.b64encode(payload).decode())


if __name__ == "__main__":
    main()
