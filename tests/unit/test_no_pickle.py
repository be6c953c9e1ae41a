"""Nothing that is kept can run code when it is read: no pickle, and nothing like it."""

import ast
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from embeddings.settings import Settings
from tests.conftest import CHECKOUT

MODULES = sorted(
    path for package in ("embeddings", "qa") for path in (CHECKOUT / package).rglob("*.py")
)
RUN_CODE = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "_pickle"}
MODELS = {".safetensors", ".onnx"}
BESIDE_MODELS = {".json", ".txt", ".md", ".lock", ".trie", ".npy", ".i8", ".f32", ""}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_no_module_reads_what_can_run_code(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert not {name.split(".")[0] for name in names} & RUN_CODE
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            # A pipe between processes unpickles what it receives.
            assert called != "torch.load" and not called.endswith(".recv")
            for keyword in node.keywords:
                if keyword.arg == "allow_pickle":
                    assert isinstance(keyword.value, ast.Constant) and not keyword.value.value


def is_pickled(path: Path) -> bool:
    """Tell whether a file is a pickle, or an archive with one in it as torch writes them."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return any(name.endswith((".pkl", ".p", ".pickle")) for name in archive.namelist())
    with path.open("rb") as file:
        begin = file.read(2)
    return begin[:1] == b"\x80" and begin[1:] in {bytes([version]) for version in range(1, 6)}


def test_no_file_of_a_snapshot_or_cache_is_a_pickle(seeds_index: Path) -> None:
    snapshot = [path for path in seeds_index.rglob("*") if path.is_file()]
    cache = [
        path
        for folder in ("onnx", "multilingual-e5-small*")
        for root in Settings().cache.glob(folder)
        for path in root.rglob("*")
        if path.is_file()
    ]
    assert len(snapshot) > 15 and cache
    assert [path for path in (*snapshot, *cache) if is_pickled(path)] == []
    assert {path.suffix for path in cache} <= MODELS | BESIDE_MODELS


ASKING = """
import json, sys
unpickled = []
sys.addaudithook(lambda event, told: event == "pickle.find_class" and unpickled.append(told[:2]))
from qa import ask
answer = ask("示范区纪委检查了多少家企业？", index=sys.argv[1])
print(json.dumps([answer.abstained, unpickled]))
"""


def test_answering_unpickles_nothing(seeds_index: Path) -> None:
    """Python tells of every class that unpickling looks for, in whatever library."""
    done = subprocess.run(
        [sys.executable, "-c", ASKING, str(seeds_index)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == [False, []]
