"""档案: what waits to be filed, the records, and how long they are kept."""
