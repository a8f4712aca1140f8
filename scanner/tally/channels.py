"""The two columns of the form: forhåndsstemmer and valgtingsstemmer."""

from collections import Counter
from enum import StrEnum

from scanner.ballot import Category
from scanner.election import Election
from scanner.tally.tally import Place, Tally


class Channel(StrEnum):
    """How a ballot was cast, in the order of the form's columns."""

    ADVANCE = "advance"
    ELECTION_DAY = "election_day"


class Channels:
    """A tally looked at by channel; the vote category of a ballot decides which (F…: forhånd)."""

    def __init__(self, tally: Tally, election: Election) -> None:
        self._of = {
            one.code: Channel.ADVANCE if one.advance else Channel.ELECTION_DAY for one in election.categories
        }
        self._votes: Counter[tuple[str, Channel, Category]] = Counter()
        self._answers: Counter[tuple[str, Channel]] = Counter()
        self._fed: Counter[Channel] = Counter()
        for vote, count in tally.votes.items():
            self._votes[vote.list, self.of(vote.place), vote.sort] += count
        for answer, count in tally.answers.items():
            self._answers[answer.option, self.of(answer.place)] += count
        for bag in (tally.votes, tally.answers, tally.rejected, tally.undecided):
            for one, count in bag.items():
                self._fed[self.of(one.place)] += count
        for place, count in tally.blank.items():
            self._fed[self.of(place)] += count

    def of(self, place: Place) -> Channel:
        """The channel of a place."""
        return self._of[place.category]

    def votes(self, code: str, channel: Channel, sort: Category) -> int:
        """Ballots approved for a list, urettede or rettede."""
        return self._votes[code, channel, sort]

    def answers(self, option: str, channel: Channel) -> int:
        """Ballots approved for an option of a referendum."""
        return self._answers[option, channel]

    def approved(self, channel: Channel) -> int:
        """Ballots approved for any list or option."""
        votes = sum(count for (_, one, _), count in self._votes.items() if one is channel)
        return votes + sum(count for (_, one), count in self._answers.items() if one is channel)

    def total(self, code: str, channel: Channel) -> int:
        """Ballots approved for a list or an option with this code."""
        sorts = (Category.URETTET, Category.RETTET)
        return self._answers[code, channel] + sum(self._votes[code, channel, one] for one in sorts)

    def fed(self, channel: Channel) -> int:
        """All ballots fed, whatever became of them."""
        return self._fed[channel]
