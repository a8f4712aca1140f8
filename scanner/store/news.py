"""What has become doubtful, said and decided since one last looked: a queue stays true without a walk."""

from dataclasses import dataclass

from sqlalchemy import select

from scanner.ballot import Opinion, Verdict
from scanner.store import schema
from scanner.store.codec import decode
from scanner.store.store import Store


@dataclass(frozen=True, slots=True)
class Seen:
    """How far one has looked: the numbers of the last rows seen."""

    verdict: int = 0
    opinion: int = 0
    decision: int = 0


@dataclass(frozen=True, slots=True)
class News:
    """Verdicts in the order they were added (a later one of a sheet replaces the earlier), and so on."""

    verdicts: tuple[tuple[str, Verdict], ...]
    opinions: tuple[Opinion, ...]
    decided: tuple[str, ...]  # by people; these sheets wait no more
    seen: Seen


def news(store: Store, seen: Seen, most: int = 5000) -> News:
    """What was added after `seen`, at most `most` rows of each kind. Costs what is new, not what is there."""
    verdicts, opinions, decisions = schema.verdicts.c, schema.opinions.c, schema.decisions.c
    with store._read() as connection:  # noqa: SLF001 - the same room
        new = connection.execute(
            select(verdicts.seq, verdicts.sheet, verdicts.verdict)
            .where(verdicts.seq > seen.verdict)
            .order_by(verdicts.seq)
            .limit(most)
        ).all()
        said = connection.execute(
            select(opinions.seq, opinions.opinion)
            .where(opinions.seq > seen.opinion)
            .order_by(opinions.seq)
            .limit(most)
        ).all()
        settled = connection.execute(
            select(decisions.seq, decisions.sheet, decisions.by_machine)
            .where(decisions.seq > seen.decision)
            .order_by(decisions.seq)
            .limit(most)
        ).all()
    return News(
        tuple((one.sheet, decode(one.verdict, Verdict)) for one in new),
        tuple(decode(one.opinion, Opinion) for one in said),
        tuple(one.sheet for one in settled if not one.by_machine),
        Seen(
            new[-1].seq if new else seen.verdict,
            said[-1].seq if said else seen.opinion,
            settled[-1].seq if settled else seen.decision,
        ),
    )
