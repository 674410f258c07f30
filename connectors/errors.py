"""What can go wrong with a source. Each message is the sentence that the report prints; none holds a secret."""

from __future__ import annotations


class SourceError(Exception):
    """A source could not be read, or not to its end."""


class Transient(SourceError):
    """It may work later the same night: try again."""


class Unanswered(Transient):
    """No answer came at all: the name, the network or the other side."""


class PassOver(Transient):
    """No further call may be made in this pass: its time is used up, or the platform keeps failing or asks for a longer wait
    than a pass has.
    """


class Refused(SourceError):
    """Trying again will not help before a human acts: a token, a permission, a quota, the configuration."""
