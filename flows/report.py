"""A report made to order, as a Prefect flow: on request from Prefect's page, or by the plan."""

from typing import Annotated

import msgspec
from prefect import State, flow, get_run_logger, runtime
from prefect.schedules import Cron, Schedule
from prefect.states import Completed
from pydantic import Field

from spacex.errors import NotebookError
from spacex.notebook.reports.report_notebooks import report_names
from spacex.notebook.reports.report_plan import Planned, read_plan
from spacex.notebook.runner import Parameter
from spacex.pipeline.alerts import tell_of_report
from spacex.pipeline.planned_reports import make_planned
from spacex.settings import settings
from spacex.units import utc_now, utc_text

ReportName = Annotated[str, Field(json_schema_extra={"enum": [*report_names(settings())]})]
"""The name of a report: Prefect's form offers those of the start of the process."""


def flow_run_name() -> str:
    """Return the report and the time, as Prefect's page lists the run."""
    return f"{runtime.flow_run.parameters['report']} {utc_text(utc_now())}"


@flow(
    name="spacex-report",
    flow_run_name=flow_run_name,
)
def report(
    report: ReportName = "week",
    parameters: dict[str, Parameter] | None = None,
    keep: int = 0,
    mail: list[str] | None = None,
    webhook: bool = False,  # noqa: FBT001, FBT002 - parameters of a flow are named
) -> State[list[str]]:
    """Make a report from the published database.

    Args:
        report: week, launch, satellite, booster, place, fleet, or a notebook of your own.
        parameters: those that differ from the defaults, such as {"place": "Berlin", "nights": 3},
            or {"booster": ["B1058", "B1060"]} for a report on each.
        keep: number of dated copies of its page that are kept.
        mail: addresses that receive the page.
        webhook: whether a notice is posted to SPACEX_WEBHOOK_URL.

    Raises:
        NotebookError: it could not be made; its page of before stays.
    """
    planned = Planned(
        report=report,
        parameters=parameters or {},
        keep=keep,
        mail=tuple(mail or ()),
        webhook=webhook,
    )
    made, problems = make_planned(settings(), [planned])
    pages = [str(each.page) for each in made if each.page]
    if not pages:
        failure = " ".join(problems)
        problems = tell_of_report(settings(), f"Report {report}", failure, "") if webhook else []
    for problem in problems:
        get_run_logger().warning(problem)
    if not pages:
        raise NotebookError(failure)
    said = " ".join(each.record.headline for each in made if each.record)
    summary = (
        f"{pages[0]}: {said}" if len(pages) == 1 else f"{len(pages)} reports: {', '.join(pages)}"
    )
    return Completed(message=summary, data=pages)


def schedules() -> list[Schedule]:
    """Return the schedules of the plan, each with the parameters of its report.

    Raises:
        SettingsError: the plan cannot be read.
    """
    return [
        Cron(
            each.cron,
            timezone="UTC",
            slug=f"{number}-{each.report}",
            parameters=_parameters(each),
        )
        for number, each in enumerate(read_plan(settings()), 1)
        if each.cron
    ]


def _parameters(planned: Planned) -> dict[str, object]:
    """Return the parameters of the flow for an entry of the plan, as Prefect's server has them."""
    named = ("report", "parameters", "keep", "mail", "webhook")
    decoded = msgspec.json.decode(msgspec.json.encode(planned))
    return {name: value for name, value in decoded.items() if name in named}
