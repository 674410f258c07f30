"""What a failure of one part of an Instagram account means for the rest of the pass."""

from __future__ import annotations

from connectors.errors import PassOver, Refused, SourceError
from connectors.graph import GraphError
from connectors.graph.refusals import INSTAGRAM, in_words

IN_CIRCLES = "Instagram sent the same {what} again and again, so we stopped: some may be missing."
# The token has ended, or the account is blocked; any other refusal concerns one list or one post.
ENDS_THE_PASS = {102, 190, 368}

Trouble = SourceError | GraphError


def ends_the_pass(trouble: Trouble) -> bool:
    """Whether no other call of this pass would go better."""
    if isinstance(trouble, GraphError):
        return trouble.code in ENDS_THE_PASS or trouble.status == 401
    return isinstance(trouble, PassOver | Refused)


def in_part(trouble: Trouble) -> str:
    """Why one part could not be read, in a sentence; raises `trouble` itself where it ends the pass."""
    if ends_the_pass(trouble):
        raise trouble
    return str(in_words(trouble, INSTAGRAM) if isinstance(trouble, GraphError) else trouble)
