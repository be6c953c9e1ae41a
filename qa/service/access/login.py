"""The form that asks for the password: both languages, no script, nothing from elsewhere."""

import base64
import hashlib

_STYLE = """
:root { color-scheme: light dark; --paper: #f6f3ec; --ink: #23201c; --accent: #9c2b20;
  --on-accent: #fff; --edge: #8d8371; --field: #fffdf8; }
@media (prefers-color-scheme: dark) { :root { --paper: #191715; --ink: #ece6dc;
  --accent: #e9968a; --on-accent: #2b100c; --edge: #857b6d; --field: #221f1c; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 12vh 20px 20px; background: var(--paper); color: var(--ink);
  font: 16px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
main { max-width: 360px; margin: 0 auto; }
h1 { margin: 0 0 24px; font-family: "Songti SC", "Noto Serif CJK SC", SimSun, serif; }
label { display: block; margin-bottom: 6px; }
input, button { width: 100%; min-height: 44px; padding: 8px 12px; border: 1px solid var(--edge);
  border-radius: 6px; font: inherit; }
input { background: var(--field); color: inherit; }
button { margin-top: 14px; border-color: var(--accent); background: var(--accent);
  color: var(--on-accent); cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
[role=alert] { margin: 0 0 16px; padding: 10px 14px; border: 1px solid var(--accent);
  border-radius: 6px; }
"""

POLICY = (
    "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; style-src "
    f"'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'"
)
"""The page's own content security policy: its one style sheet, and its form."""

_PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>登录 · 问报 Wenbao</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>问报 <span lang="en">Wenbao</span></h1>
{alert}<form method="post" action="login">
<input name="username" value="wenbao" autocomplete="username" hidden>
<label for="password">密码 · <span lang="en">Password</span></label>
<input id="password" name="password" type="password" autocomplete="current-password" required
 autofocus{invalid}>
<button type="submit">登录 · <span lang="en">Log in</span></button>
</form>
</main>
</body>
</html>
"""
_ALERT = '<p id="alert" role="alert">{chinese}<br><span lang="en">{english}</span></p>\n'


def login_page(told: tuple[str, str] | None = None) -> str:
    """Return the form.

    Args:
        told: Why a password that was given lets nobody in, in Chinese and in English.
    """
    alert = _ALERT.format(chinese=told[0], english=told[1]) if told else ""
    invalid = ' aria-invalid="true" aria-describedby="alert"' if alert else ""
    return _PAGE.format(style=_STYLE, alert=alert, invalid=invalid)
