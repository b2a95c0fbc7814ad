"""What Alembic runs for every migration; the connection comes from `SqlCatalogue.migrate`.

To write a new migration, change `tables.py`, put a numbered file into `versions/` and let the
test of migrations compare the two.
"""

from __future__ import annotations

from alembic import context

from offair.store.catalogue.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
