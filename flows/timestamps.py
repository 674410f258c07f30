"""Timestamps (RFC 3161): an authority outside signs, night by night, the hash that the chain ends with. Nothing but that
hash leaves the machine, and only where acto.toml names an authority.
"""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
import requests
from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from flows.config import Config
from flows.progress import logger
from flows.report_words import count, moment
from warehouse.evidence.chain import head
from warehouse.evidence.verify import Damage
from warehouse.store import Store

# Seconds for the whole answer; it has some thousand bytes.
PATIENCE = 10
LARGEST_ANSWER = 100_000


class TimestampError(Exception):
    """There is no timestamp that holds; the message says why."""


def stamp(store: Store, config: Config) -> list[str]:
    """Have the last link of the chain signed, where an authority is configured. What went wrong, in sentences for the
    report: it never stops the night, and the next night's signature covers this one too.
    """
    url, certificate = config.evidence.timestamp_url, config.timestamp_certificate
    if url is None or certificate is None:
        return []
    logger.info("Having the history's seal signed")
    host = urlsplit(url).hostname or "the timestamp authority"
    try:
        connection = store.connection()
        last = head(connection)
        request = TimestampRequestBuilder(bytes.fromhex(last.hash), HashAlgorithm.SHA256).build()
        answer = _ask(url, request.as_bytes())
        token = _decoded(answer)
        if token.tst_info.nonce != request.nonce:
            raise TimestampError("It answered another question.")
        _check(token, last.hash, _certificates(certificate))
        with store.transaction() as writing:
            writing.execute("INSERT INTO store.timestamp VALUES (?, ?, ?, ?)", [last.hash, host, answer, store.now()])
    except (TimestampError, requests.RequestException) as error:
        why = str(error) if isinstance(error, TimestampError) else f"It did not answer ({type(error).__name__})."
        return [f"The seal of the history was not signed by {host} tonight; the next night tries again. {why}"]
    except Exception as error:
        logger.exception("The timestamp failed")
        return [f"The seal of the history was not signed by {host} ({type(error).__name__}). Tell whoever runs this."]
    return []


def verify_timestamps(
    connection: duckdb.DuckDBPyConnection, certificate: Path | None
) -> tuple[list[str], list[Damage]]:
    """Check every timestamp that is kept; what to know of them, and which do not hold."""
    kept = connection.execute(
        """SELECT hash, authority, token, number FROM store.timestamp
           LEFT JOIN store.link USING (hash) ORDER BY timestamp.recorded_at"""
    ).fetchall()
    if not kept:
        return [], []
    if certificate is None:
        return [f"{count(len(kept), 'timestamp')} not checked: set [evidence] timestamp_certificate."], []
    try:
        trusted = _certificates(certificate)
    except TimestampError as error:
        return [], [Damage(str(certificate), str(error))]
    wrong, last = [], None
    for signed_hash, authority, answer, number in kept:
        where = f"timestamp of {authority} for link {number or '?'}"
        if number is None:
            wrong.append(Damage(where, "The chain has no longer the link that was signed: the history was changed."))
            continue
        try:
            token = _decoded(bytes(answer))
            _check(token, signed_hash, trusted)
            last = (authority, token.tst_info.gen_time)
        except TimestampError as error:
            wrong.append(Damage(where, str(error)))
    told = f"{count(len(kept) - len(wrong), 'timestamp holds', 'timestamps hold')}"
    return ([f"{told}; the last is of {moment(last[1])}, by {last[0]}."] if last else []), wrong


def _ask(url: str, question: bytes) -> bytes:
    """The authority's answer, within PATIENCE seconds in all."""
    deadline = time.monotonic() + PATIENCE
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    with requests.post(
        url, data=question, headers=headers, timeout=PATIENCE, stream=True, allow_redirects=False
    ) as response:
        if response.status_code != 200:
            raise TimestampError(f"It answered with HTTP {response.status_code}.")
        answer = b""
        for part in response.iter_content(1024):
            answer += part
            if len(answer) > LARGEST_ANSWER or time.monotonic() > deadline:
                raise TimestampError("Its answer was too long or too slow.")
    return answer


def _decoded(answer: bytes) -> TimeStampResponse:
    try:
        token = decode_timestamp_response(answer)
        token.tst_info  # noqa: B018 - raises for an answer without a token
    except ValueError:
        raise TimestampError("It is no timestamp.") from None
    return token


def _check(token: TimeStampResponse, signed_hash: str, trusted: list[x509.Certificate]) -> None:
    builder = VerifierBuilder(
        roots=[one for one in trusted if one.issuer == one.subject],
        intermediates=[one for one in trusted if one.issuer != one.subject],
    )
    try:
        builder.build().verify_message(token, bytes.fromhex(signed_hash))
    except (VerificationError, ValueError) as error:
        raise TimestampError(f"The timestamp does not hold ({error}).") from None


def _certificates(path: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as error:
        raise TimestampError(f"{path} is no certificate file in PEM format ({type(error).__name__}).") from None
