"""Generic widgets: charts, tables, filters and page state. They know nothing of the domain."""
