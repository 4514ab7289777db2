"""Runs a WSGI application for @tsgi/bridge (PROTOCOL.md): python3 workers/python APPLICATION SETTINGS."""
import sys

# This folder must not be where the application's own modules are found.
HERE = sys.path.pop(0)
sys.path.insert(0, HERE)
from tsgi_worker.main import main  # noqa: E402

sys.path.remove(HERE)
sys.exit(main(sys.argv[1], sys.argv[2]))
