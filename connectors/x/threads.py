"""X's conversations read again: what stands in them looked up by id, new replies and quotes searched for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from connectors.gathered import Gathered
from connectors.item import Gone, Item, Page, ThreadRead
from connectors.x.client import Answer
from connectors.x.ids import chain, is_id
from connectors.x.items import newer_version
from connectors.x.one_pass import Pass
from connectors.x.refusals import why_gone

IDS_A_CALL = 100
SEARCHED_DAYS = timedelta(days=7)
LONGEST_QUERY = 512
NOT_SAID = "X did not say of {count} known posts whether they are still there."


def read_threads(run: Pass) -> Iterator[Page]:
    """The threads of the pass that are to be read, and those that the schedule wants.

    What is known of them and was not seen is looked up by id: that alone shows edits and deletions. X finds answers of
    the last 7 days only; those to posts of ours are searched for, other talk is left to those who have it, unless it
    mentions us. Raises XError.
    """
    for due in run.known.due():
        run.to_read[due.id] = None
    to_search: list[str] = []
    for gathered, complete in _looked_up(run):
        for thread in complete:
            if _is_searchable(run, thread):
                to_search.append(thread)
            else:
                gathered.threads.append(ThreadRead(thread))
        if gathered != Gathered():
            yield run.page(gathered)
    for threads, query in _queries(to_search):
        yield from _answers(run, threads, query)
    for thread in run.to_read:
        item = run.seen.get(thread)
        if item and item.author_id == run.account.id and run.has_unseen_quotes(item):
            yield from _quotes(run, item)


def _is_searchable(run: Pass, thread: str) -> bool:
    """Whether a thread was begun by the account within the days that X searches."""
    root = run.seen.get(thread)
    begun = root.created_at if root and root.author_id == run.account.id else None
    return begun is not None and datetime.now(UTC) - begun < SEARCHED_DAYS


def _looked_up(run: Pass) -> Iterator[tuple[Gathered, list[str]]]:
    """Look up what is missing of the threads to read, 100 a call: what a call has brought, and the threads of which
    nothing is missing since then. First, without a call, those of which nothing was.
    """
    missing = {thread: run.missing_from(thread) for thread in run.to_read}
    # One id that is none would have all others of its call refused.
    ids = iter([name for names in missing.values() for name in sorted(names) if is_id(name)])
    gathered = Gathered()
    while True:
        complete = [thread for thread, names in missing.items() if not names]
        for thread in complete:
            del missing[thread]
        yield gathered, complete
        some = list(islice(ids, IDS_A_CALL))
        if not some:
            return
        gathered = Gathered()
        answered = _look_up(run, some, gathered)
        for names in missing.values():
            names -= answered


def _look_up(run: Pass, ids: list[str], gathered: Gathered) -> set[str]:
    """Hand on what X shows of `ids`, or why it does not; the ids that it has answered.

    An answer for an edited post is usually its newest version, but may be the very one that was asked for.
    """
    api = run.api
    answer = api.ask(api.client.get_tweets, ids)
    newer = [name for name in map(newer_version, answer.posts) if name]
    newest = api.ask(api.client.get_tweets, newer) if newer else Answer()
    run.take([entry for entry in answer.posts if not newer_version(entry)], answer, gathered)
    run.take(list(newest.posts), newest, gathered)
    shown = {name for entry in [*answer.posts, *newest.posts] if not newer_version(entry) for name in chain(entry)}
    gone = {
        str(problem.get("value") or problem.get("resource_id")): why
        for problem in answer.problems
        if (why := why_gone(problem))
    }
    told = [name for name in ids if name in gone and name not in shown]
    gathered.gone += [Gone(name, gone[name]) for name in told]
    not_said = set(ids) - shown - set(told)
    if not_said:
        gathered.gaps.append(NOT_SAID.format(count=len(not_said)))
    return set(ids) - not_said


def _queries(threads: list[str]) -> Iterator[tuple[list[str], str]]:
    """As many conversations as fit into one query of 512 characters."""
    taken: list[str] = []
    query = ""
    for thread in threads:
        more = f"{query} OR conversation_id:{thread}" if query else f"conversation_id:{thread}"
        if len(more) > LONGEST_QUERY:
            yield taken, query
            taken, more = [], f"conversation_id:{thread}"
        taken, query = [*taken, thread], more
    if taken:
        yield taken, query


def _answers(run: Pass, threads: list[str], query: str) -> Iterator[Page]:
    """The pages of a search for the answers in `threads`; on the last, they have been read whole."""

    def ask(token: str | None) -> Answer:
        size = min(100, max(10, run.api.meter.left))
        return run.api.ask(run.api.client.search_recent_tweets, query, max_results=size, next_token=token)

    in_full = True
    for gathered, _, listing in run.pages("replies", ask):
        in_full = in_full and not gathered.gaps and all(one.id for one in gathered.rejected)
        if listing.next_token is None and in_full:
            gathered.threads += [ThreadRead(thread) for thread in threads]
        yield run.page(gathered)


def _quotes(run: Pass, item: Item) -> Iterator[Page]:
    """The pages of the quotes of a post of ours; each begins a thread of its own, of which no more is read."""

    def ask(token: str | None) -> Answer:
        size = min(100, max(10, run.api.meter.left))
        return run.api.ask(run.api.client.get_quote_tweets, item.raw["id"], max_results=size, pagination_token=token)

    for gathered, items, _ in run.pages("quotes", ask):
        begun = {quote.thread_id or quote.id for quote in items} - run.to_read.keys()
        gathered.threads += [ThreadRead(thread) for thread in begun if not run.missing_from(thread)]
        yield run.page(gathered)
