"""The same editions in S3-compatible storage, one object for each path.

What the bucket has is told by the pointer in it: what differs from our edition is written, assets
first; the pointer last, and only if it is still the one we began from. Nothing is ever listed.
One pusher at a time holds a lease in the bucket, so that none overwrites what a later one wrote.
"""

import contextlib
import hashlib
import json
import socket
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from tamizdat.editions import live, signing
from tamizdat.editions.live import Live
from tamizdat.editions.manifest import Change, Entry
from tamizdat.editions.signing import POINTER, Pointer
from tamizdat.editions.tree import OURS
from tamizdat.lib.caching import cache_control

AT_ONCE = 8
BATCH = 200  # between two looks at the lease, and what a resumed push repeats at most
LEASE = f"{OURS}pushing.json"
LEASE_FOR = timedelta(minutes=10)
PROGRESS = "pushing"  # beside the tree: what an interrupted push wrote already
COMPANION = {"gzip": ".gz", "br": ".br"}
CONFLICTS = {"PreconditionFailed", "ConditionalRequestConflict"}


class SomeoneElsePushes(Exception):
    """Another pusher is at it, or was quicker. What it did is whole; try again later."""


class Held(NamedTuple):
    content: bytes
    etag: str


@dataclass
class Bucket:
    """The few things that we ask of S3."""

    client: Any
    name: str
    written: int = field(default=0, init=False)

    def read(self, key: str) -> Held | None:
        try:
            answer = self.client.get_object(Bucket=self.name, Key=key)
        except self.client.exceptions.NoSuchKey:
            return None
        return Held(answer["Body"].read(), answer["ETag"])

    def put(self, key: str, body: Any, **headers: str) -> str:
        headers.setdefault("ContentType", live.content_type(key))
        headers.setdefault("CacheControl", cache_control(f"/{key}"))
        answer = self.client.put_object(Bucket=self.name, Key=key, Body=body, **headers)
        self.written += 1
        return str(answer["ETag"])

    def swap(self, key: str, body: bytes, *, held: Held | None) -> str:
        """Write `key` if it is still what was `held`. Raises SomeoneElsePushes."""
        condition = {"IfMatch": held.etag} if held else {"IfNoneMatch": "*"}
        try:
            return self.put(key, body, **condition)
        except self.client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] in CONFLICTS:
                raise SomeoneElsePushes(f"{key} changed meanwhile.") from error
            raise

    def remove(self, keys: Sequence[str]) -> None:
        for start in range(0, len(keys), 1000):
            names = [{"Key": key} for key in keys[start : start + 1000]]
            self.client.delete_objects(Bucket=self.name, Delete={"Objects": names, "Quiet": True})


class Lease:
    """The right to write to the bucket, for ten minutes at a time."""

    def __init__(self, bucket: Bucket, *, holder: str, now: datetime) -> None:
        self.bucket = bucket
        self.holder = holder
        self._now, self._started = now, time.monotonic()
        held = bucket.read(LEASE)
        said = json.loads(held.content) if held else {"holder": holder}
        if said["holder"] != holder and datetime.fromisoformat(said["until"]) > now:
            raise SomeoneElsePushes(f"Another pusher has the bucket until {said['until']}.")
        self._write(held)

    def renew(self) -> None:
        """Raises SomeoneElsePushes if we were taken for dead."""
        self._write(self._held)

    def _write(self, held: Held | None) -> None:
        until = self._now + timedelta(seconds=time.monotonic() - self._started) + LEASE_FOR
        content = signing.canonical({"holder": self.holder, "until": until.isoformat()})
        self._held = Held(content, self.bucket.swap(LEASE, content, held=held))


def connect() -> Bucket:
    """Raises ImproperlyConfigured when boto3 is not installed."""
    try:
        import boto3  # here, because few newsrooms have it, and it is slow to load
        from botocore.config import Config
    except ImportError as error:
        says = "s3.bucket is set, and boto3 is not installed: pip install 'tamizdat[s3]'."
        raise ImproperlyConfigured(says) from error

    client = boto3.client(
        "s3",
        endpoint_url=settings.S3_ENDPOINT or None,
        region_name=settings.S3_REGION,
        aws_access_key_id=settings.S3_KEY_ID or None,
        aws_secret_access_key=settings.S3_SECRET or None,
        # Checksums that S3 does not ask for are unknown to most of those compatible with it.
        config=Config(
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            max_pool_connections=AT_ONCE,
        ),
    )
    return Bucket(client, settings.S3_BUCKET)


def push(bucket: Bucket, *, now: datetime) -> int:
    """Bring the bucket to our edition; how many objects were written.

    Interrupted, the next push goes on. Raises SomeoneElsePushes, and what boto3 raises.
    """
    here = live.site()
    live.recover()
    with here.tree.lock("push"):
        files = _signed_files(here)
        theirs = bucket.read(POINTER)
        if not files or (theirs and theirs.content == files[POINTER]):
            return 0
        lease = Lease(bucket, holder=_holder(here), now=now)
        theirs = bucket.read(POINTER)
        _push(here, bucket, lease, files=files, theirs=theirs)
        bucket.remove([LEASE])
        here.tree.beside(PROGRESS).unlink(missing_ok=True)
    return bucket.written


def _push(
    here: Live, bucket: Bucket, lease: Lease, *, files: dict[str, bytes], theirs: Held | None
) -> None:
    ours = Pointer.parse(files[POINTER])
    known = Pointer.parse(theirs.content) if theirs else None
    if known and known.sequence > ours.sequence:
        raise SomeoneElsePushes(f"The bucket has edition {known.sequence}, newer than ours.")
    before = known.root if known else None
    _fetch_manifest(here, bucket, before)
    changes = list(here.manifest.diff(before, ours.root))
    bucket.remove([c.path for c in changes if c.after and not c.after.hash and _had_file(c)])
    _upload(here, bucket, lease, changes, since=theirs.etag if theirs else "")
    bucket.remove([c.path for c in changes if c.after is None and _had_file(c)])
    for node in here.manifest.nodes(ours.root, beyond=before):
        bucket.put(f"{OURS}objects/{node[:2]}/{node}", here.objects.read(node))
    for path, content in files.items():
        if path != POINTER:
            bucket.put(path, content)
    lease.renew()
    bucket.swap(POINTER, files[POINTER], held=theirs)


def _upload(
    here: Live, bucket: Bucket, lease: Lease, changes: Iterable[Change], *, since: str
) -> None:
    wanted = {c.path: c.after for c in changes if c.after and c.after.hash}
    with (
        _progress(here, f"{bucket.name} {since}") as (done, note),
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        left = [
            path for path in sorted(wanted, key=live.rank) if _line(path, wanted[path]) not in done
        ]
        for batch in _batches(left):
            put = partial(_put_entry, here, bucket)
            for path in pool.map(lambda path, put=put: put(path, wanted[path]), batch):
                note(_line(path, wanted[path]))
            lease.renew()


def _put_entry(here: Live, bucket: Bucket, path: str, entry: Entry) -> str:
    headers = {"ContentType": entry.content_type}
    if entry.location:
        headers["WebsiteRedirectLocation"] = entry.location
    with contextlib.ExitStack() as stack:
        file = here.objects.file(entry.hash)
        try:
            body = stack.enter_context(open(file + COMPANION[settings.S3_ENCODING], "rb"))
            headers["ContentEncoding"] = settings.S3_ENCODING
        except FileNotFoundError:
            body = stack.enter_context(open(file, "rb"))
        bucket.put(path, body, **headers)
    return path


def _batches(paths: list[str]) -> Iterator[list[str]]:
    """No page beside the assets that it needs, no front beside its stories."""
    for _stage, group in groupby(paths, key=lambda path: (live.rank(path)[0], path.count("/") > 1)):
        stage = list(group)
        for start in range(0, len(stage), BATCH):
            yield stage[start : start + BATCH]


@contextlib.contextmanager
def _progress(here: Live, title: str) -> Iterator[tuple[set[str], Any]]:
    """What was written since this same beginning, and a way to note more."""
    file = here.tree.beside(PROGRESS)
    lines = file.read_text().splitlines() if file.exists() else []
    done = set(lines[1:]) if lines[:1] == [title] else set()
    with file.open("a" if done else "w", buffering=1) as stream:
        if not done:
            stream.write(f"{title}\n")
        yield done, lambda line: stream.write(f"{line}\n")


def _line(path: str, entry: Entry) -> str:
    return json.dumps([path, entry.as_json()])


def _had_file(change: Change) -> bool:
    return bool(change.before and change.before.hash)


def _signed_files(here: Live) -> dict[str, bytes]:
    """The pointer with what proves it, all of one moment. Nothing if there is no edition."""
    with here.tree.lock("edition"):
        pointer = here.pointer()
        if pointer is None:
            return {}
        signature = signing.sign(pointer)
        text = pointer.as_bytes()
        return {**signing.keys_in_the_tree(), f"{POINTER}.minisig": signature, POINTER: text}


def _fetch_manifest(here: Live, bucket: Bucket, root: str | None) -> None:
    """Have the manifest of what the bucket holds, although we pruned it here."""
    waiting = [root] if root else []
    while waiting:
        name = waiting.pop()
        try:
            node = here.manifest.node(name)
        except FileNotFoundError:
            held = bucket.read(f"{OURS}objects/{name[:2]}/{name}")
            if held is None or hashlib.sha256(held.content).hexdigest() != name:
                raise ValueError(
                    f"The bucket's manifest lacks {name}: empty it, and push anew."
                ) from None
            here.objects.put(held.content, compress=False, best=False)
            node = here.manifest.node(name)
            waiting += [branch.hash for branch in node.children.values()]


def _holder(here: Live) -> str:
    """The same for the same tree, so that who crashed need not wait for itself; tells nothing."""
    return hashlib.sha256(f"{socket.gethostname()} {here.tree.root}".encode()).hexdigest()[:16]
