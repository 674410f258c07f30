"""What a failure of one part of a Facebook Page means for the rest of the pass."""

from __future__ import annotations

from connectors.errors import PassOver, Refused, SourceError
from connectors.graph import GraphError
from connectors.graph.refusals import in_words

IN_CIRCLES = "Facebook sent the same {what} again and again, so we stopped: some may be missing."
# The token has ended, is a person's, or is blocked; any other refusal concerns one list or one post.
ENDS_THE_PASS = {102, 190, 210, 368, 1705, 2500}

Trouble = SourceError | GraphError


def in_part(trouble: Trouble) -> str:
    """Why one part could not be read, in a sentence; raises `trouble` itself where no other call would go better."""
    if isinstance(trouble, GraphError):
        if trouble.code in ENDS_THE_PASS or trouble.status == 401:
            raise trouble
        return str(in_words(trouble))
    if isinstance(trouble, PassOver | Refused):
        raise trouble
    return str(trouble)
