"""Ends this process when the one that started it has gone, whatever the application does meanwhile."""
import os
import select
import threading
import time

# For requests that are being answered and for what the application does at its exit, in seconds.
GRACE = 2.0


class OrphanWatch:
    """Watches a lane from a thread of its own: the others may be importing, or in a handler that never returns."""

    def __init__(self, descriptor):
        self.grace = 0.0
        # Hang-ups alone; a poll reports them unasked.
        self._poll = select.poll()
        self._poll.register(descriptor, 0)
        threading.Thread(target=self._run, name='tsgi-orphan-watch', daemon=True).start()

    def _run(self):
        self._poll.poll()
        time.sleep(self.grace)
        os._exit(1)
