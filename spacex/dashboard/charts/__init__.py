"""The dashboard's own charts, from frames of its pages; the reports' are in `spacex.charts`."""
