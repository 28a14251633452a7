"""Why a page is as it is: for whoever asks at the desk or at the prompt."""

from dataclasses import dataclass
from datetime import datetime

from tamizdat.editions import rows
from tamizdat.editions.models import Baked, Claim, KnownFact, Read, Watch
from tamizdat.editions.targets import PAGE
from tamizdat.outlet.addresses import file_of


@dataclass(frozen=True)
class Reason:
    """What stands at a path, and what it was made of."""

    path: str
    target: str
    baked_at: datetime
    why: str
    reads: dict[str, tuple[str, ...]]  # each fact, with the tokens that it watches

    @property
    def address(self) -> str:
        return "/" + self.path.removesuffix("index.html")


def why(address: str) -> Reason | None:
    """Of the page at an address or path of the tree; None if no target claims it."""
    path = address if Claim.objects.filter(path=address).exists() else file_of(address)
    claim = Claim.objects.filter(path=path).order_by("rank", "target_id").first()
    baked = Baked.objects.filter(pk=claim.target_id).first() if claim else None
    if baked is None:
        return None
    read = [number for (number,) in rows.get(Read, "reader_id", [baked.pk], "fact_id")]
    names = dict(rows.get(KnownFact, "id", read, "id", "key"))
    tokens: dict[int, list[str]] = {number: [] for number in names}
    for number, token in rows.get(Watch, "fact_id", names, "fact_id", "token"):
        tokens[number].append(token)
    reads = {names[number]: tuple(sorted(tokens[number])) for number in names}
    return Reason(path, baked.key, baked.baked_at, baked.why, dict(sorted(reads.items())))


def shown_on(token: str) -> list[Reason]:
    """The pages that show something of what `token` tells, nearest to the front first."""
    facts = {fact for (fact,) in rows.get(Watch, "token", [token], "fact_id")}
    readers, seen = set(facts), set[int]()
    while new := readers - seen:
        seen |= new
        readers = {reader for (reader,) in rows.get(Read, "fact_id", new, "reader_id")}
    pages = rows.get(Claim, "target_id", seen, "path", "target_id", "rank")
    paths = {
        target: path for path, target, rank in pages if rank == PAGE and path.endswith(".html")
    }
    baked = rows.get(Baked, "id", paths, "id", "key", "baked_at", "why")
    found = [Reason(paths[number], key, at, why, {}) for number, key, at, why in baked]
    return sorted(found, key=lambda reason: (reason.path.count("/"), reason.path))
