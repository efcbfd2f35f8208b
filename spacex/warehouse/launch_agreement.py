"""The view of what two sources say differently of one launch; shown, not repaired."""

from spacex.transform.merge.launches import CLASSES, FACTS
from spacex.warehouse.launch_dates import dates_differ

_FACTS, _CLASSES = (f"'{' before '.join(names)}'" for names in (FACTS, CLASSES))
_USED_BOOSTERS = """(
                SELECT group_concat(booster, ', ') FROM (
                    SELECT k.serial || '.' || c.flight AS booster
                    FROM launch_cores c JOIN cores k USING (core_id)
                    WHERE c.launch_id = l.launch_id AND c.flight IS NOT NULL ORDER BY booster))"""


def _site(launch: str) -> str:
    return f"(SELECT name FROM launchpads WHERE launchpad_id = {launch}.launchpad_id)"


_COMPARED = {
    "success": ("CAST({0}.success AS TEXT)", "", "a.success <> b.success", _FACTS),
    "date": (
        "{0}.date_utc",
        "",
        dates_differ("a", "b"),
        f"""CASE WHEN a.date_precision IS NOT b.date_precision THEN 'the most precise date'
                 ELSE {_FACTS} END""",
    ),
    "site": (_site("{0}"), "", "a.launchpad_id <> b.launchpad_id", _FACTS),
    "class": ("{0}.launch_class", "", "a.launch_class <> b.launch_class", _CLASSES),
    "designator": (
        "{0}.launch_designator",
        "",
        "a.launch_designator <> b.launch_designator",
        _FACTS,
    ),
    "boosters": ("{0}.boosters", _USED_BOOSTERS, "a.boosters <> b.boosters", _FACTS),
}
"""Attribute → its value for launch `{0}`, the value used if that is not the one of launch `l`, the
condition of a contradiction between launches `a` and `b`, and the rule that decides."""

LAUNCH_CONTRADICTIONS = (
    """
        -- What two sources say differently of one flown launch, the value used, the source it is
        -- from, and the rule that decides. Dates differ if they exclude each other: by more than
        -- 15 minutes beyond their precision
        SELECT *, CASE WHEN used = value THEN source WHEN used = other_value THEN other_source
                       WHEN used IS NOT NULL THEN 'another source' END AS stands
        FROM ("""
    + " UNION ALL ".join(
        f"""SELECT a.launch_id, l.name, '{attribute}' AS attribute,
                   a.source, {value.format("a")} AS value,
                   b.source AS other_source, {value.format("b")} AS other_value,
                   {used or value.format("l")} AS used, {rule} AS rule
            FROM launch_sources a JOIN launch_sources b USING (launch_id)
                 JOIN launches l USING (launch_id)
            WHERE a.source < b.source AND NOT a.is_upcoming AND NOT b.is_upcoming
              AND {condition}"""
        for attribute, (value, used, condition, rule) in _COMPARED.items()
    )
    + ")"
)
