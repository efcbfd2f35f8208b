"""Launches whose designators are simulated: the sample has them where the true ones are unknown."""

from spacex.sources.launch_facts import FIRST_SIMULATED_LAUNCH


def simulated_launch(designator: str) -> str:
    """Return SQL: the name of the launch with a simulated designator; NULL if that can be true.

    Args:
        designator: SQL of the designator.
    """
    number = f"substr({designator}, 6)"
    return f"""iif(CAST({number} AS INTEGER) >= {FIRST_SIMULATED_LAUNCH},
                       'simulated launch ' || {number}, NULL)"""


def told_launch(designator: str) -> str:
    """Return SQL: a designator for people, which tells whether it is simulated.

    Args:
        designator: SQL of the designator.
    """
    return f"{designator} || coalesce(' (' || {simulated_launch(designator)} || ')', '')"
