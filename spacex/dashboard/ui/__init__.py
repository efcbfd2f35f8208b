"""Generic widgets: charts, tables, filters and page state. Nothing here knows the domain."""
