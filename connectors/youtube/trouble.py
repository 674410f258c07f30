"""What fails in one part of a YouTube channel, made a gap of the page, so that the rest goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from connectors.errors import PassOver, Transient
from connectors.gathered import Gathered
from connectors.google_http import GoogleError
from connectors.youtube import refusals

COMMENTS_OFF = "{what} were not read: comments are turned off there."


@contextmanager
def or_a_gap(what: str, gathered: Gathered) -> Iterator[None]:
    """Turn a failure of this one part into a gap of the page; that something is gone (404) is none.

    Raises PassOver or Refused where no further call would succeed.
    """
    try:
        yield
    except PassOver:
        raise
    except Transient as trouble:
        gathered.gaps.append(f"{what} could not all be read: {trouble}")
    except GoogleError as error:
        refusal = refusals.in_words(error)
        if error.reasons & refusals.QUOTA_REASONS:
            raise refusal from None
        if refusals.COMMENTS_OFF in error.reasons:
            gathered.notes.append(COMMENTS_OFF.format(what=what))
        # 404: deleted since the page was sent.
        elif error.status != 404:
            gathered.gaps.append(f"{what} could not all be read: {refusal}")
