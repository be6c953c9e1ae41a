"""What the server says on the terminal; the page's own words are in ``web/words-*.js``."""

NAME = "问报 Wenbao"
PORT_TAKEN = (
    "端口 {port} 用不了（{reason}）。请用 --port 另选一个，例如 --port {other}。",
    "Port {port} cannot be used ({reason}). Choose another with --port, such as --port {other}.",
)
SERVING = "问报 Wenbao  {url}  （Ctrl+C 停止 · to stop）\n"
