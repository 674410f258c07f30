"""One pass over an account on X: what it has seen so far, and where it would go on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.gathered import Gathered
from connectors.item import Item, Page
from connectors.json_values import count_or_none, mapping_or_empty, text_or_none
from connectors.known import Known
from connectors.listing import Listing, walk
from connectors.x.client import Answer, XApi
from connectors.x.ids import chain, first_id, is_id
from connectors.x.items import Account, post, references

IN_CIRCLES = "X sent the same {what} again and again, so we stopped: some may be missing."
LEFT_OUT = "X could not show {count} of the {what}."
STEPS = ("posts", "mentions", "threads")
# What these errors are about is an author, a picture or another post that a post refers to, not the post.
OF_EXPANSIONS = (
    "author_id",
    "attachments",
    "edit_history_post_ids",
    "edit_history_tweet_ids",
    "entities",
    "in_reply_to_user_id",
    "referenced_posts",
    "referenced_tweets",
)


@dataclass(slots=True)
class Pass:
    """`step` is what is being read (one of STEPS), `token` the page of it that comes next, `listed` how many entries of it
    have come, `in_full` whether all of them could be read, `newest` the newest id of each list as of its first page.

    `seen` are the items handed on, by id, and `quoted` how many of them quote an id; `to_read` are the threads of those
    items that are to be read.
    """

    api: XApi
    account: Account
    known: Known
    step: str = "posts"
    token: str | None = None
    listed: int = 0
    in_full: bool = True
    newest: dict[str, str] = field(default_factory=dict)
    seen: dict[str, Item] = field(default_factory=dict)
    quoted: Counter[str] = field(default_factory=Counter)
    to_read: dict[str, None] = field(default_factory=dict)

    @classmethod
    def going_on(cls, api: XApi, account: Account, known: Known, resume: Mapping[str, Any]) -> Pass:
        """The pass that left `resume` behind, or a fresh one where that is empty."""
        newest = {key: value for key, value in mapping_or_empty(resume, "newest").items() if is_id(value)}
        step = text_or_none(resume, "step")
        if step not in STEPS:
            return cls(api, account, known)
        return cls(
            api,
            account,
            known,
            step=step,
            token=text_or_none(resume, "token"),
            listed=count_or_none(resume, "listed") or 0,
            in_full=resume.get("in_full") is True,
            newest=newest,
        )

    def next_step(self) -> None:
        """What is being read has been read to its end."""
        self.step, self.token, self.listed, self.in_full = STEPS[STEPS.index(self.step) + 1], None, 0, True

    def page(self, gathered: Gathered) -> Page:
        """The page as it is to be landed, with where to go on after it."""
        return gathered.page(
            {
                "step": self.step,
                "token": self.token,
                "listed": self.listed,
                "in_full": self.in_full,
                "newest": dict(self.newest),
                **self.api.meter.as_resume(),
            }
        )

    def take(self, listed: list[Any], answer: Answer, gathered: Gathered) -> list[Item]:
        """Hand on what has not been handed on in this pass; the items among it."""
        fresh = [entry for entry in listed if first_id(entry) not in self.seen]
        read = [post(entry, answer, self.account) for entry in fresh]
        gathered.take(read)
        items = [one for one in read if isinstance(one, Item)]
        self.seen |= {item.id: item for item in items}
        self.quoted.update(references(item.raw).get("quoted", "") for item in items)
        gathered.expect(answer.count - (len(answer.posts) - sum(one is not None for one in read)))
        return items

    def pages(
        self, what: str, ask: Callable[[str | None], Answer], token: str | None = None
    ) -> Iterator[tuple[Gathered, list[Item], Listing]]:
        """Walk a list from `token` on: what a page has brought, the new items on it, and how it was listed."""
        answers: list[Answer] = []

        def page_of(page_token: str | None) -> tuple[Any, str | None]:
            answers.append(ask(page_token))
            return answers[-1].posts, answers[-1].next_token

        for listing in walk(page_of, token, name_of=first_id):
            gathered, answer = Gathered(), answers.pop()
            items = self.take(listing.entries, answer, gathered)
            left_out = [one for one in answer.problems if not _is_of_expansion(one)]
            if left_out:
                gathered.gaps.append(LEFT_OUT.format(count=len(left_out), what=what))
            if listing.circular:
                gathered.gaps.append(IN_CIRCLES.format(what=what))
            yield gathered, items, listing

    def has_unseen_quotes(self, item: Item) -> bool:
        """Whether X counts more quotes of `item` than have been seen in this pass."""
        counted = count_or_none(item.raw.get("public_metrics"), "quote_count") or 0
        return counted > sum(self.quoted[version] for version in chain(item.raw))

    def missing_from(self, thread_id: str) -> set[str]:
        """What stands in a thread as far as is known, and was not seen in this pass."""
        return set(self.known.standing(thread_id)) - self.seen.keys()


def _is_of_expansion(problem: Mapping[str, Any]) -> bool:
    return problem.get("section") == "includes" or str(problem.get("parameter")).split(".")[0] in OF_EXPANSIONS
