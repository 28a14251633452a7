import gzip
import os
import shutil
import threading

import pytest
from moto.server import ThreadedMotoServer

from tamizdat.editions import bucket, live, signing
from tamizdat.editions.manifest import Entry
from tamizdat.lib import verifying
from tests.conftest import NOON
from tests.editions.conftest import files_in, later
from tests.ports import free_port

pytestmark = [
    pytest.mark.django_db,
    # botocore's own:
    pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning"),
]
READS_AND_WRITES = {"GetObject", "PutObject", "DeleteObjects"}


@pytest.fixture(scope="module")
def s3():
    port = free_port()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def store(s3, site, settings, tmp_path):
    """An empty bucket of this test, and how to reach it anew."""
    settings.S3_ENDPOINT, settings.S3_KEY_ID, settings.S3_SECRET = s3, "id", "secret"
    settings.S3_BUCKET = f"paper-{abs(hash(tmp_path))}"
    made = bucket.connect()
    made.client.create_bucket(Bucket=made.name)
    return made


def go(**pages):
    entries = {f"{name}/index.html": live.store("x.html", text.encode()) if text else None
               for name, text in pages.items()}  # fmt: skip
    return live.go_live(entries, why="test", now=NOON)


def push(store=None, now=NOON):
    return bucket.push(store or bucket.connect(), now=now)


def in_the_bucket(store, folder):
    """Every object as a reader gets it, also as a folder that can be verified."""
    shutil.rmtree(folder, ignore_errors=True)
    for found in store.client.list_objects_v2(Bucket=store.name).get("Contents", []):
        answer = store.client.get_object(Bucket=store.name, Key=found["Key"])
        body = answer["Body"].read()
        file = folder / found["Key"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(gzip.decompress(body) if "ContentEncoding" in answer else body)
    return files_in(folder)


def assert_the_bucket_is_our_edition(store, folder):
    ours = {
        p: b for p, b in files_in(live.site().tree.root).items() if p[-3:] not in (".br", ".gz")
    }
    assert in_the_bucket(store, folder) == ours
    key = verifying.PublicKey.read(signing.trusted_key())
    report = verifying.verify(verifying.Folder(folder), key, now=NOON)
    assert report.holds, report


def operations_of(store):
    seen = []
    store.client.meta.events.register("before-call.s3", lambda model, **_: seen.append(model.name))
    return seen


def test_the_bucket_becomes_our_edition_and_only_what_differs_is_written(store, tmp_path):
    go(a="1", b="1")
    assert push() > 4
    assert_the_bucket_is_our_edition(store, tmp_path / "copy")
    live.go_live({"a/index.html": None, "b/index.html": live.store("b.html", b"2"),
                  "c/index.html": Entry.gone()}, why="test", now=NOON)  # fmt: skip
    other = bucket.connect()
    seen = operations_of(other)
    push(other)

    assert_the_bucket_is_our_edition(store, tmp_path / "copy")
    assert set(seen) == READS_AND_WRITES
    assert seen.count("PutObject") == 8  # b, a node, the keys, signature, pointer, lease thrice
    assert push() == 0


def test_objects_have_the_headers_of_our_own_server(store):
    live.go_live({"index.html": live.store("x.html", b"front"),
                  "assets/a.0123.css": live.store("a.css", b"a{}"),
                  "media/x.webp": live.store("x.webp", b"pixels"),
                  "old/index.html": Entry.redirect(301, "/")}, why="test", now=NOON)  # fmt: skip
    push()
    keys = ["index.html", "assets/a.0123.css", "media/x.webp", "old/index.html"]
    head = {key: store.client.head_object(Bucket=store.name, Key=key) for key in keys}

    assert head["index.html"]["ContentType"] == "text/html; charset=utf-8"
    assert head["index.html"]["ContentEncoding"] == "gzip"
    assert head["index.html"]["CacheControl"] == "public, max-age=60, must-revalidate"
    assert "immutable" in head["assets/a.0123.css"]["CacheControl"]
    assert "ContentEncoding" not in head["media/x.webp"]
    assert head["old/index.html"]["WebsiteRedirectLocation"] == "/"


class PowerCut(BaseException):
    pass


def cut_after(store, count):
    left = [count]

    def cut(**_):
        left[0] -= 1
        if left[0] < 0:
            raise PowerCut

    store.client.meta.events.register("before-call.s3.PutObject", cut)
    return store


def is_cut(*, after):
    try:
        push(cut_after(bucket.connect(), after))
    except PowerCut:
        return True
    return False


def test_an_interrupted_push_goes_on_where_it_was(store, tmp_path, monkeypatch):
    monkeypatch.setattr(bucket, "BATCH", 2)
    monkeypatch.setattr(bucket, "AT_ONCE", 1)
    go(a="1")
    push()
    go(**{f"p{n}": str(n) for n in range(6)})
    cuts = 0
    while is_cut(after=7):
        cuts += 1
        in_the_bucket(store, tmp_path / "copy")
        assert (tmp_path / "copy/a/index.html").read_bytes() == b"1"

    assert cuts == 2  # of 16 objects: who began anew each time would never end
    assert_the_bucket_is_our_edition(store, tmp_path / "copy")


def test_while_another_pusher_works_we_wait_and_then_take_over_if_it_died(store, tmp_path):
    go(a="1")
    with pytest.raises(PowerCut):
        push(cut_after(bucket.connect(), 1))
    held = store.read(bucket.LEASE)
    store.put(bucket.LEASE, held.content.replace(b'"holder":"', b'"holder":"x'))

    with pytest.raises(bucket.SomeoneElsePushes, match="until"):
        push()
    push(now=later(minutes=11))
    assert_the_bucket_is_our_edition(store, tmp_path / "copy")


def test_who_was_overtaken_does_not_move_the_pointer(store):
    go(a="1")
    push()
    go(a="2")
    slow = bucket.connect()
    newer = signing.Pointer(99, "", "", "0" * 64, "", 0, 0).as_bytes()

    def overtake(params, **_):
        if params["url_path"].endswith("edition.json.minisig"):
            store.put(bucket.POINTER, newer)

    slow.client.meta.events.register("before-call.s3.PutObject", overtake)
    with pytest.raises(bucket.SomeoneElsePushes):
        push(slow)
    assert store.read(bucket.POINTER).content == newer
    with pytest.raises(bucket.SomeoneElsePushes, match="newer than ours"):
        push()


def test_two_pushers_at_once_leave_one_whole_edition(store, tmp_path):
    go(a="1", b="2")
    ready = threading.Barrier(2)

    def race():
        other = bucket.connect()
        ready.wait()
        push(other)

    threads = [threading.Thread(target=race) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert_the_bucket_is_our_edition(store, tmp_path / "copy")


def test_a_manifest_that_was_pruned_here_comes_back_from_the_bucket(store, tmp_path):
    go(a="1", b="1")
    push()
    old = live.site().root()
    go(a="2")
    os.unlink(live.site().objects.file(old))
    live._live.cache_clear()
    push()

    assert_the_bucket_is_our_edition(store, tmp_path / "copy")


def test_a_file_whose_address_leads_elsewhere_now_leaves_the_bucket(store, tmp_path):
    live.go_live({"feed.xml": live.store("feed.xml", b"news")}, why="test", now=NOON)
    push(store)
    live.go_live({"feed.xml": Entry.redirect(301, "/a/")}, why="test", now=NOON)
    push(store)

    assert_the_bucket_is_our_edition(store, tmp_path / "copy")
