"""Rules about the code itself."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT

EMBEDDINGS = sorted((CHECKOUT / "embeddings").rglob("*.py"))


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    return names | {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}


@pytest.mark.parametrize("path", EMBEDDINGS, ids=lambda path: path.name)
def test_embeddings_never_imports_qa(path: Path) -> None:
    assert not {name for name in imported(path) if name.split(".")[0] == "qa"}


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error::RuntimeWarning", "-c", code],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_importing_qa_is_light() -> None:
    heavy = "{'torch', 'transformers', 'gradio', 'onnxruntime', 'sentence_transformers'}"
    assert run(f"import qa, sys; print({heavy} & sys.modules.keys())") == "set()"


def test_extras_are_imported_only_by_those_who_name_them(tmp_path: Path) -> None:
    """An index on this machine is built and searched without Milvus and Ray."""
    code = f"""
import sys
for name in ("pymilvus", "milvus_lite", "grpc", "ray"):
    sys.modules[name] = None  # importing it fails
import numpy, qa.cli, embeddings.rebuild.command
from embeddings import load_index, rebuild
from embeddings.rebuild import pipeline
from embeddings.errors import InputError
from tests.conftest import BigramEncoder, EncoderIdentity, index_module
pipeline.load_encoder = index_module.load_encoder = lambda model=None: BigramEncoder()
pipeline.encoder_identity = lambda model=None: EncoderIdentity("bigrams", "bigrams-1")
rebuild(["seeds/briefs.jsonl"], {str(tmp_path / "index")!r})
assert load_index({str(tmp_path / "index")!r}).search("通车", 3)
assert not [name for name in sys.modules if name.startswith("embeddings.milvus")]
for index, workers in (("milvus://127.0.0.1:1/x", 1), ({str(tmp_path / "other")!r}, "ray")):
    try:
        rebuild(["seeds/briefs.jsonl"], index, workers=workers)
    except InputError as error:
        print(error.english.split(": ")[1].split("'")[1])
"""
    assert run(code).split() == ["wenbao[milvus]", "wenbao[ray]"]


def test_asking_compiles_no_patterns_of_the_readers() -> None:
    readers = "{'embeddings.readers.datelines', 'embeddings.readers.page', 'dateparser'}"
    assert run(f"import qa.cli, sys; print({readers} & sys.modules.keys())") == "set()"


def test_rebuild_is_a_function_and_a_script() -> None:
    code = "import embeddings.rebuild; from embeddings import rebuild; print(callable(rebuild))"
    assert run(code) == "True"
    run(
        "import runpy, sys; sys.argv = ['x', '--help']\n"
        "try: runpy.run_module('embeddings.rebuild', run_name='__main__')\n"
        "except SystemExit as stop: assert not stop.code"
    )


def test_the_top_level_shows_only_what_belongs_there() -> None:
    allowed = {
        "pyproject.toml", "README.md", "LICENSE", "Makefile", "constraints.txt",
        "seeds", "qa", "embeddings", "tests",
    }  # fmt: skip
    listed = subprocess.run(
        ["git", "ls-files"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a checkout")
    visible = {name.split("/")[0] for name in listed.stdout.split("\n")} - {""}
    visible = {name for name in visible if not name.startswith(".")}
    assert {"embeddings", "qa"} <= visible
    assert visible <= allowed
