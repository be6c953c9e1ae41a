"""``wenbao chat`` rebuilds only when it must."""

import datetime
import shutil
from pathlib import Path

import pytest

from embeddings import load_index
from embeddings.encoder import EncoderIdentity
from embeddings.errors import InputError, SnapshotError
from embeddings.rebuild import freshness, index_articles, pipeline, rebuild
from embeddings.rebuild.freshness import bring_up_to_date
from embeddings.snapshot import live_name
from tests.conftest import BigramEncoder


@pytest.fixture
def news(tmp_path: Path, bigram_encoder: BigramEncoder) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text("城东大桥昨日建成通车，全长860米。", encoding="utf-8")
    return folder


def live(index: Path) -> str:
    return load_index(index).name


def test_a_missing_index_is_built_from_the_articles_that_come_with_wenbao(
    news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "default_paths", lambda: [news])
    folder = bring_up_to_date(None, tmp_path / "index")
    assert [a.text for a in load_index(folder).articles()] == ["城东大桥昨日建成通车，全长860米。"]


def test_nothing_is_done_while_nothing_changed(news: Path, tmp_path: Path) -> None:
    bring_up_to_date([news], tmp_path / "index")
    before = live(tmp_path / "index")
    bring_up_to_date([news], tmp_path / "index")
    bring_up_to_date(None, tmp_path / "index")
    assert live(tmp_path / "index") == before


def test_a_changed_file_is_noticed_without_naming_it(news: Path, tmp_path: Path) -> None:
    bring_up_to_date([news], tmp_path / "index")
    (news / "b.txt").write_text("秋粮收购昨日开秤。", encoding="utf-8")
    bring_up_to_date(None, tmp_path / "index")
    assert load_index(tmp_path / "index").manifest.articles == 2


def test_the_day_named_at_a_rebuild_is_kept(news: Path, tmp_path: Path) -> None:
    day = datetime.date(2022, 7, 18)
    (news / "2021-01-02.txt").write_text("秋粮收购昨日开秤。", encoding="utf-8")
    rebuild([news], tmp_path / "index", date=day)
    before = live(tmp_path / "index")
    bring_up_to_date(None, tmp_path / "index")
    assert live(tmp_path / "index") == before
    (news / "c.txt").write_text("图书馆开门迎客。", encoding="utf-8")
    bring_up_to_date(None, tmp_path / "index")
    dates = [article.date for article in load_index(tmp_path / "index").articles()]
    assert dates == [datetime.date(2021, 1, 2), day, day]
    rebuild([news], tmp_path / "index")
    dates = [article.date for article in load_index(tmp_path / "index").articles()]
    assert dates == [datetime.date(2021, 1, 2), None, None]


@pytest.mark.parametrize("what", ["a file was added", "the index was damaged"])
def test_an_automatic_rebuild_keeps_the_model_and_the_day(
    news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    index, day = tmp_path / "index", datetime.date(2022, 7, 18)
    monkeypatch.setattr(pipeline, "load_encoder", lambda model=None: BigramEncoder(str(model)))
    monkeypatch.setattr(
        pipeline, "encoder_identity", lambda model=None: EncoderIdentity(str(model), str(model))
    )
    rebuild([news], index, "a-model", date=day)
    if what == "a file was added":
        (news / "b.txt").write_text("秋粮收购昨日开秤。", encoding="utf-8")
    else:
        (index / "snapshots" / live(index) / "corpus.sqlite").write_bytes(b"damaged")
    before = live_name(index)
    bring_up_to_date(None, index)
    manifest = load_index(index).manifest
    assert live_name(index) != before
    assert (manifest.model, manifest.default_date) == ("a-model", day)
    monkeypatch.setenv("WENBAO_MODEL", "another")
    bring_up_to_date([news], index)
    assert load_index(index).manifest.model == "another"


@pytest.mark.parametrize("gone", ["all", "one"])
def test_an_index_outlives_its_files(news: Path, tmp_path: Path, gone: str) -> None:
    roots = [news, tmp_path / "more"]
    shutil.copytree(*roots)
    bring_up_to_date(roots, tmp_path / "index")
    before = live(tmp_path / "index")
    for root in roots if gone == "all" else roots[:1]:
        shutil.rmtree(root)
    bring_up_to_date(None, tmp_path / "index")
    assert live(tmp_path / "index") == before


def test_a_damaged_index_is_built_anew_from_its_own_articles(news: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    bring_up_to_date([news], index)
    (index / "snapshots" / live(index) / "corpus.sqlite").write_bytes(b"damaged")
    bring_up_to_date(None, index)
    assert [a.text for a in load_index(index).articles()] == ["城东大桥昨日建成通车，全长860米。"]


@pytest.mark.parametrize("lost", ["articles", "manifest"])
def test_a_damaged_index_is_never_replaced_by_the_samples(
    news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    monkeypatch.setattr(freshness, "default_paths", lambda: [tmp_path / "samples"])
    index = tmp_path / "index"
    bring_up_to_date([news], index)
    snapshot = index / "snapshots" / live(index)
    (snapshot / "corpus.sqlite").write_bytes(b"damaged")
    if lost == "articles":
        shutil.rmtree(news)
    else:
        (snapshot / "manifest.json").write_bytes(b"damaged")
    with pytest.raises(SnapshotError):
        bring_up_to_date(None, index)
    assert snapshot.is_dir()


def test_another_model_is_noticed(
    news: Path, tmp_path: Path, bigram_encoder: BigramEncoder
) -> None:
    bring_up_to_date([news], tmp_path / "index")
    before = live(tmp_path / "index")
    bigram_encoder.fingerprint = "bigrams-2"
    bring_up_to_date(None, tmp_path / "index")
    assert live(tmp_path / "index") != before


def test_an_index_that_was_built_from_no_paths_stays(news: Path, tmp_path: Path) -> None:
    index_articles(
        list(load_index(bring_up_to_date([news], tmp_path / "a")).articles()), tmp_path / "b"
    )
    before = live(tmp_path / "b")
    bring_up_to_date(None, tmp_path / "b")
    assert live(tmp_path / "b") == before


def test_a_named_path_must_exist(news: Path, tmp_path: Path) -> None:
    bring_up_to_date([news], tmp_path / "index")
    with pytest.raises(InputError):
        bring_up_to_date([tmp_path / "nowhere"], tmp_path / "index")
