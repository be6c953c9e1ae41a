"""The rebuild script: ``python -m embeddings.rebuild [PATH ...]``."""

import typer

from embeddings.console import run
from embeddings.rebuild.command import EXAMPLES, rebuild_command

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
app.command(epilog=EXAMPLES)(rebuild_command)

if __name__ == "__main__":
    run(app)
