-- Processes that start together do this one after another.
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS notes (
  id INTEGER PRIMARY KEY,
  notebook TEXT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  colour TEXT NOT NULL,
  is_pinned INTEGER NOT NULL,
  search TEXT NOT NULL,
  updated_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS notes_in_order ON notes (notebook, is_pinned, updated_at);
CREATE TABLE IF NOT EXISTS secrets (purpose TEXT PRIMARY KEY, secret TEXT NOT NULL);
COMMIT;
