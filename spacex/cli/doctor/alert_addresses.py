"""Checks of the addresses that alerts and pings go to, without sending one."""

from collections.abc import Iterator

from spacex.cli.doctor.connection import connection_problem, target
from spacex.cli.doctor.diagnosis import Diagnosis
from spacex.settings import Settings


def addresses(settings: Settings) -> Iterator[Diagnosis]:
    """Connect to the hosts of webhook and ping address; their addresses are secret."""
    named = {
        "SPACEX_WEBHOOK_URL": ("The webhook", settings.webhook_url),
        "SPACEX_PING_URL": ("The ping address", settings.ping_url),
    }
    for variable, (name, url) in named.items():
        if url is None:
            continue
        if problem := connection_problem(str(url), settings.connect_timeout_s):
            remedy = f"Check {variable}, and the network: nobody hears of runs that fail."
            yield Diagnosis("note", f"{name} cannot be reached: {problem}.", remedy)
        else:
            yield Diagnosis("ok", f"{name} is reached at {target(str(url))}; nothing was sent.")
    if not any(url for _, url in named.values()):
        yield Diagnosis(
            "note",
            "Nobody is alerted of runs that fail.",
            "Set SPACEX_WEBHOOK_URL or SPACEX_PING_URL, if you want to be.",
        )
