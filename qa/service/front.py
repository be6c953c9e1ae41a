"""Everything that a request goes through before a door sees it, whichever door it is."""

from starlette.types import ASGIApp

from embeddings.address import IndexAddress
from qa.llm import LanguageModel
from qa.llm.model import PLACES
from qa.service.access import Access
from qa.service.access.gate import Gate
from qa.service.access.hosts import Hosts
from qa.service.headers import SafeHeaders
from qa.service.health import Health
from qa.service.limits import Limits
from qa.service.logs import RequestLog


def put_front(
    app: ASGIApp, index: IndexAddress, access: Access, llm: LanguageModel | None = None
) -> ASGIApp:
    """Return an application that may be shown to the world.

    From the outside in: probes, the log, headers, names and sites, the password, the limits.
    """
    more = (0, 0.0) if llm is None else (PLACES, llm.timeout)
    app = Limits(app, *more)
    if access.password is not None:
        app = Gate(app, access.password)
    app = Hosts(app, access.names, access.host, any_address=access.is_public)
    return Health(RequestLog(SafeHeaders(app)), index)
