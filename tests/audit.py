"""Asks whether weaknesses are known of any pinned dependency: ``make audit``.

pip-audit asks a database that not every machine can reach, and where it gets no answer it says of
each dependency that it was not looked at, and succeeds. Here one dependency is asked about first;
if nothing is known of that, it is said so, the others are not asked about, and nothing fails.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

CONSTRAINTS = Path(__file__).resolve().parents[1] / "constraints.txt"
FIRST = "starlette"
SECONDS = 300


class Unanswered(Exception):
    """The database does not answer."""


def main() -> int:
    """Return 1 if a weakness is known."""
    pins = [p for p in CONSTRAINTS.read_text(encoding="utf-8").splitlines() if "==" in p]
    try:
        audited([pin for pin in pins if pin.startswith(f"{FIRST}==")])
        found = audited(pins)
    except Unanswered as reason:
        say(f"audit skipped: the database of weaknesses cannot be asked ({reason})")
        return 0
    looked_at = [one for one in found if "skip_reason" not in one]
    weak = [one for one in looked_at if one["vulns"]]
    for one in weak:
        for weakness in one["vulns"]:
            fixed = ", ".join(weakness["fix_versions"]) or "no version yet"
            say(f"{one['name']} {one['version']}: {weakness['id']}, fixed in {fixed}")
    say(f"audit: {len(looked_at)} of {len(pins)} dependencies looked at, {len(weak)} weak")
    return 1 if weak else 0


def audited(pins: list[str]) -> list[dict[str, Any]]:
    """Return what pip-audit tells of pinned dependencies.

    Raises:
        Unanswered: It could look at none of them.
    """
    with tempfile.TemporaryDirectory() as folder:
        pinned, report = Path(folder) / "pinned.txt", Path(folder) / "report.json"
        pinned.write_text("\n".join(pins), encoding="utf-8")
        command = [
            sys.executable, "-m", "pip_audit", "--requirement", str(pinned), "--no-deps",
            "--disable-pip", "--progress-spinner", "off", "--timeout", "10",
            "--format", "json", "--output", str(report),
        ]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            raise Unanswered(f"no answer within {SECONDS} seconds") from None
        text = report.read_text(encoding="utf-8") if report.exists() else ""
    if not text:
        raise Unanswered((done.stderr.strip().splitlines() or ["no report"])[-1][:200])
    found: list[dict[str, Any]] = json.loads(text)["dependencies"]
    if all("skip_reason" in one for one in found):
        raise Unanswered(found[0]["skip_reason"][:200] if found else "nothing to look at")
    return found


def say(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
