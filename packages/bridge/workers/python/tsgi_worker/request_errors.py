"""wsgi.errors: the log of the server."""
import sys
import threading

from .frames import LOG, frame


class RequestErrors:
    """Belongs to a lane. A thread that the application left behind writes to standard error, which is logged as well."""

    def __init__(self, lane):
        self._lane = lane
        self._rest = ''

    def write(self, text):
        lane = self._lane
        if lane.current == 0 or lane.thread != threading.get_ident():
            return sys.stderr.write(text)
        # print() writes its text and the end of the line one after the other.
        self._rest += text
        if text.endswith('\n'):
            self.flush()
        return len(text)

    def writelines(self, lines):
        self.write(''.join(lines))

    def flush(self):
        lane = self._lane
        if self._rest and lane.thread == threading.get_ident():
            text, self._rest = self._rest, ''
            lane.send(frame(LOG, lane.current, text.encode('utf-8', 'replace')))
            # What comes next may be the end of this process.
            lane.flush()
