"""An authority of the tests' own, and certificates that it signs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def make_certificate(beside: Path, *, name: str, days: int = 2) -> Path:
    """Write `beside`.crt and .key for a host of this name; gives the file of their authority."""
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _named(f"The tests' authority of {name}")
    root = _sign(authority, authority, authority_key.public_key(), authority_key, days, is_ca=True)
    own = _sign(_named(name), authority, key.public_key(), authority_key, days, host=name)
    files = {".crt": own, ".authority.pem": root}
    for ending, certificate in files.items():
        data = certificate.public_bytes(serialization.Encoding.PEM)
        beside.with_name(beside.name + ending).write_bytes(data)
    private = beside.with_name(beside.name + ".key")
    private.touch(mode=0o600)
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return beside.with_name(f"{beside.name}.authority.pem")


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _sign(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    by: ec.EllipticCurvePrivateKey,
    days: int,
    *,
    is_ca: bool = False,
    host: str = "",
) -> x509.Certificate:
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=10))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
    )
    if host:
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    return made.sign(by, hashes.SHA256())
