"""What cannot be shown or done, as a page with a heading and what to do."""

from __future__ import annotations

from flows.review.words import CHANGED

TO_INBOX = ("/", "Go to the inbox")


class Problem(Exception):
    """A page that is shown instead of the one that was asked for: its HTTP status, a heading, and what to do; `again` is
    where that page is, if it may be there at a second try, `back` where else one goes on: its address, and what the link says.
    """

    def __init__(
        self, status: int, heading: str, words: str, again: str = "", back: tuple[str, str] = TO_INBOX
    ) -> None:
        super().__init__(heading)
        self.status, self.heading, self.words, self.again, self.back = status, heading, words, again, back


def no_session(*, public: bool, again: str = "") -> Problem:
    """Nobody without a session sees anything. `public` is whether one signs in, or comes by a link.

    Who follows a link from a mailbox in the browser seems to have no session: a browser shows it only to links on the page
    itself, such as the one to `again`.
    """
    if public:
        words = "Your session has ended. Nothing was saved. Sign in, and do it again."
        return Problem(401, "You are not signed in", words, again)
    return Problem(
        401,
        "This page is not open for you",
        "Go to the window in which you started the review page. Press Enter there, and open the link that it prints.",
        again,
    )


def not_found(what: str) -> Problem:
    """What the address names is not there."""
    return Problem(404, "Page not found", what)


def stale(back: tuple[str, str]) -> Problem:
    """The form was filled in on a page that no longer shows how things stand."""
    return Problem(
        409,
        CHANGED,
        "Nothing was saved. Somebody has decided it in the meantime, or the text was edited. "
        "Look at it again, then decide.",
        back=back,
    )
