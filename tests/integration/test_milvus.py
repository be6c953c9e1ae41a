"""What is Milvus' own: errors of servers, as they were recorded, and what rebuilds leave there."""

import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent import futures
from pathlib import Path

import platformdirs
import pytest

from embeddings import load_index, rebuild
from embeddings.address import MilvusAddress, address_of, beside, local_folder
from embeddings.errors import InputError, LockError, ServerError, SnapshotError
from embeddings.rebuild import pipeline
from embeddings.snapshot import writing
from tests.conftest import CHECKOUT, BigramEncoder

reason = "the extra wenbao[milvus] is not installed"
pymilvus = pytest.importorskip("pymilvus", reason=reason)
pytest.importorskip("milvus_lite", reason=reason)
grpc = pytest.importorskip("grpc", reason=reason)

SECRET = "hunter2-hunter2"

Answer = Callable[[object, object], object]


class Faults(grpc.ServerInterceptor):  # type: ignore[misc]
    """Lets a server answer some calls otherwise."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.calls: dict[str, int] = {}
        self._lock = threading.Lock()

    def intercept_service(
        self, continuation: Callable[[object], object], details: object
    ) -> object:
        name = details.method.rsplit("/", 1)[-1]
        handler = continuation(details)
        with self._lock:
            self.calls[name] = self.calls.get(name, 0) + 1
            answers = self.answers.get(name, [])
            answer = answers.pop(0) if len(answers) > 1 else (answers or [None])[0]
        if answer is None:
            return handler

        def answered(request: object, context: object) -> object:
            return answer(request, context) or handler.unary_unary(request, context)

        return grpc.unary_unary_rpc_method_handler(
            answered, handler.request_deserializer, handler.response_serializer
        )


def status(code: str, details: str) -> Answer:
    def abort(request: object, context: object) -> None:
        context.abort(getattr(grpc.StatusCode, code), details)

    return abort


def rate_limited(request: object, context: object) -> object:
    from pymilvus.grpc_gen import common_pb2, milvus_pb2

    refused = common_pb2.Status(code=8, error_code=common_pb2.RateLimit, reason="rate limit")
    return milvus_pb2.MutationResult(status=refused)


def as_ever(request: object, context: object) -> None:
    return None


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[int, Faults]]:
    """Milvus Lite as a server on a port, which may be told to fail."""
    from milvus_lite.adapter.grpc.servicer import MilvusServicer
    from milvus_lite.db import MilvusLite
    from pymilvus.grpc_gen import milvus_pb2_grpc

    faults, database = Faults(), MilvusLite(str(tmp_path / "server.db"))
    running = grpc.server(futures.ThreadPoolExecutor(4), interceptors=[faults])
    milvus_pb2_grpc.add_MilvusServiceServicer_to_server(MilvusServicer(database), running)
    port = running.add_insecure_port("127.0.0.1:0")
    running.start()
    yield port, faults
    running.stop(0)
    database.close()


@pytest.fixture
def address(
    server: tuple[int, Faults], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    bigram_encoder: BigramEncoder,
) -> MilvusAddress:  # fmt: skip
    monkeypatch.setattr(platformdirs, "user_data_path", lambda *a, **k: tmp_path / "data")
    monkeypatch.setenv("WENBAO_MILVUS_TOKEN", f"root:{SECRET}")
    found = address_of(f"milvus://127.0.0.1:{server[0]}/news")
    assert isinstance(found, MilvusAddress)
    return found


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(5):
        text = f"第{number}号消息\n\n城东大桥第{number}次检修，历时{number + 2}天。"
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    return folder


def collections(address: MilvusAddress) -> list[str]:
    return sorted(pymilvus.MilvusClient(uri=address.uri).list_collections())


def test_a_server_is_used_as_the_file_is(
    address: MilvusAddress, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embeddings.milvus.schema._PART", 100)  # a manifest of many parts
    done = rebuild([news], address)
    index = load_index(str(address))
    assert index.name == done.snapshot and done.snapshot.startswith("news_v")
    assert index.search("第3次检修", 1)[0].text.startswith("城东大桥第3次检修")
    assert local_folder(address).is_relative_to(news.parent / "data")


@pytest.mark.parametrize(
    ("code", "details", "english"),
    [
        ("UNAUTHENTICATED", "auth check failure, please check api key is correct", "credentials"),
        (
            "UNAUTHENTICATED",
            f"expected=vaild username and password: username: root, password: {SECRET}: auth "
            "check failure, please check username and password are correct",
            "credentials",
        ),
        (
            "PERMISSION_DENIED",
            "PrivilegeDescribeAlias: permission deny to reader in the `default` database",
            "credentials",
        ),
        ("UNAVAILABLE", "connection refused", "cannot be reached"),
        ("UNIMPLEMENTED", f"unknown method, token root:{SECRET}", "says: unknown method"),
        ("INVALID_ARGUMENT", "vector dimension mismatch, expected 384, actual 64", "dimension"),
    ],
)
def test_errors_of_servers_name_the_remedy(
    address: MilvusAddress, server: tuple[int, Faults], code: str, details: str, english: str,
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr("embeddings.milvus.connection.READ_SECONDS", 0.5)
    server[1].answers["DescribeAlias"] = [status(code, details)]
    with caplog.at_level(logging.DEBUG), pytest.raises(ServerError, match=english) as raised:
        load_index(address)
    told = f"{raised.value} {raised.value!r} {caplog.text} {capfd.readouterr()}"
    assert SECRET not in told and address.text in told


def test_a_rate_limit_and_a_lost_connection_are_waited_out(
    address: MilvusAddress, server: tuple[int, Faults], news: Path
) -> None:
    lost = status("UNAVAILABLE", "Socket closed")
    server[1].answers["Upsert"] = [rate_limited, lost, rate_limited, as_ever]
    assert rebuild([news], address).articles == 5
    assert server[1].calls["Upsert"] == 6  # one of articles, one of chunks, one of the manifest
    assert load_index(address).manifest.chunks == 5


def test_what_fails_while_sending_leaves_the_old_index(
    address: MilvusAddress, server: tuple[int, Faults], news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embeddings.milvus.connection.WRITE_SECONDS", 1.0)
    done = rebuild([news], address)
    (news / "5.txt").write_text("又一条消息。", encoding="utf-8")
    server[1].answers["Upsert"] = [as_ever, status("INTERNAL", "disk full")]
    with pytest.raises(ServerError, match="disk full"):
        rebuild([news], address)
    assert load_index(address).name == done.snapshot
    left = {name for name in collections(address) if not name.startswith(done.snapshot)}
    assert left
    del server[1].answers["Upsert"]
    again = rebuild([news], address)
    assert (again.articles, again.encoded) == (6, 0)  # it was encoded before it was sent
    assert load_index(address).name == again.snapshot
    assert not left & set(collections(address))


def test_old_snapshots_are_dropped_but_the_last(address: MilvusAddress, news: Path) -> None:
    made = []
    for number in range(3):
        (news / "5.txt").write_text(f"又一条消息，第{number}版。", encoding="utf-8")
        made.append(rebuild([news], address).snapshot)
    kept = {name for name in collections(address) if not name.endswith(("_articles", "_manifest"))}
    assert kept == set(made[1:])


def test_another_machine_encodes_only_what_is_new(
    address: MilvusAddress, news: Path, bigram_encoder: BigramEncoder,
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:  # fmt: skip
    rebuild([news], address)
    monkeypatch.setattr(platformdirs, "user_data_path", lambda *a, **k: tmp_path / "elsewhere")
    there = address_of(address.text)
    (news / "5.txt").write_text("又一条消息。", encoding="utf-8")
    bigram_encoder.encoded.clear()
    done = rebuild([news], there)
    assert (done.encoded, done.reused, len(bigram_encoder.encoded)) == (1, 5, 1)
    vectors = load_index(local_folder(there)).dense.at(list(range(done.chunks)))
    texts = [
        f"{article.headline or ''}\n{article.text}" for article in load_index(there).articles()
    ]
    assert len(texts) == len(vectors) == 6


def test_another_machine_keeps_vectors_once_and_while_nobody_else_does(
    address: MilvusAddress, news: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rebuild([news], address)
    monkeypatch.setattr(platformdirs, "user_data_path", lambda *a, **k: tmp_path / "elsewhere")
    there = local_folder(address_of(address.text))
    with writing(there), pytest.raises(LockError):
        rebuild([news], address.text)
    assert not (there / "encoded").exists()

    def fail(*_: object) -> None:
        raise RuntimeError("interrupted")

    monkeypatch.setattr(pipeline, "write_snapshot", fail)
    sizes = []
    for _ in range(2):
        with pytest.raises(RuntimeError, match="interrupted"):
            rebuild([news], address.text)
        (kept,) = (there / "encoded").iterdir()
        sizes.append(kept.stat().st_size)
    assert sizes[0] == sizes[1] > 0


def test_a_collection_of_somebody_else_is_left_alone(address: MilvusAddress, news: Path) -> None:
    client = pymilvus.MilvusClient(uri=address.uri)
    client.create_collection("news", dimension=4)
    with pytest.raises(ServerError, match="no index of Wenbao"):
        rebuild([news], address)
    assert client.list_collections() == ["news"]


def test_an_incomplete_snapshot_says_so(address: MilvusAddress, news: Path) -> None:
    done = rebuild([news], address)
    client = pymilvus.MilvusClient(uri=address.uri)
    client.delete(f"{done.snapshot}_manifest", ids=[0])
    with pytest.raises(SnapshotError, match="Rebuild"):
        load_index(address)
    again = rebuild([news], address)
    assert load_index(address).name == again.snapshot != done.snapshot


def test_a_text_that_is_not_whole_is_not_quoted(address: MilvusAddress, news: Path) -> None:
    done = rebuild([news], address)
    pymilvus.MilvusClient(uri=address.uri).delete(done.snapshot, ids=[0])
    with pytest.raises(SnapshotError, match="incomplete"):
        list(load_index(address).articles())


ANOTHER = """
import sys
from embeddings import load_index
from embeddings.errors import WenbaoError
from tests.conftest import BigramEncoder, index_module
index_module.load_encoder = lambda model=None: BigramEncoder()
try:
    print(load_index(sys.argv[1]).search("第3次检修", 1)[0].text)
except WenbaoError as error:
    print(type(error).__name__, error.english)
"""


def test_a_file_of_milvus_lite_is_for_one_process_at_a_time(
    news: Path, tmp_path: Path, bigram_encoder: BigramEncoder
) -> None:
    from milvus_lite.server_manager import server_manager_instance

    address = address_of(f"milvus+lite://{tmp_path}/lite")
    assert isinstance(address, MilvusAddress)
    rebuild([news], address)

    def another() -> str:
        command = [sys.executable, "-c", ANOTHER, str(address)]
        done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True)
        assert "Traceback" not in done.stderr
        return done.stdout

    assert another().startswith("LockError") and "one process at a" in another()
    server_manager_instance.release_server(address.uri)
    assert another().startswith("城东大桥第3次检修")


@pytest.mark.parametrize(
    ("text", "uri", "name"),
    [
        ("milvus://host", "http://host:19530", "wenbao"),
        ("milvus://host:1/news", "http://host:1", "news"),
        ("milvus+tls://[::1]:1/news", "https://[::1]:1", "news"),
        (Path("milvus://host:1/news"), "http://host:1", "news"),
        ("milvus+lite:///a/b", "/a/b/milvus.db", "wenbao"),
        (Path("milvus+lite:///a/b"), "/a/b/milvus.db", "wenbao"),
    ],
)
def test_addresses(text: str | Path, uri: str, name: str) -> None:
    address = address_of(text)
    assert isinstance(address, MilvusAddress)
    assert (address.uri, address.name, address_of(address)) == (uri, name, address)
    assert address_of(str(address)) == address
    other = beside(address, "evaluate")
    assert local_folder(other) != local_folder(address)


@pytest.mark.parametrize(
    "text",
    ["milvus://", "milvus://h:99999/x", "milvus://h/a-b", "milvus://h/a/b", "milvus+lite://"],
)
def test_addresses_that_are_none(text: str) -> None:
    with pytest.raises(InputError, match="no address of an index"):
        address_of(text)


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(InputError, match="WENBAO_MILVUS_TOKEN") as raised:
        address_of(f"milvus://root:{SECRET}@host/x")
    assert SECRET not in str(raised.value)


def test_folders_are_folders() -> None:
    assert address_of("some/milvus:/folder") == Path("some/milvus:/folder")
    assert local_folder(address_of("~/index")) == Path.home() / "index"
