"""Fuzzing guided by coverage: ``python -m tests.fuzz TARGET SECONDS``, with atheris.

Inputs that reach something new are kept in a folder for the next time; one that is a finding is
written beside them, and its exception ends the run.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["qa", "embeddings"]):
    from tests.fuzz.samples import SAMPLES
    from tests.fuzz.targets import TARGETS

    for _target, _samples in SAMPLES.items():
        for _data in _samples:
            TARGETS[_target](_data)  # readers are imported when their first file comes

LONGEST = 40_000
"""Bytes of an input."""
SLOWEST = 20
"""Seconds after which an input hangs."""


def main() -> None:
    """Fuzz one target for a while."""
    target, seconds = sys.argv[1], int(sys.argv[2])
    folder = Path(tempfile.gettempdir()) / "wenbao-fuzz" / target
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(SAMPLES[target]):
        (folder / f"sample-{number}").write_bytes(data)
    options = [
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST}",
        f"-timeout={SLOWEST}",
        f"-artifact_prefix={folder}-",
        "-rss_limit_mb=4096",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, str(folder)], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
