"""wsgi.input of a request whose body arrives when it is read."""

# Bytes that are asked for at once: no fewer, so that short lines do not cost a round each, and no more than fit in memory.
LEAST_WANT, MOST_WANT = 64 * 1024, 1024 * 1024


class RequestInput:
    def __init__(self, lane, id):
        self._lane = lane
        self._id = id
        self._buffer = b''
        self._ended = False

    def read(self, size=-1):
        if size is None or size < 0:
            size = float('inf')
        parts, have = [self._buffer], len(self._buffer)
        while have < size:
            data = self._more(size - have)
            if not data:
                break
            parts.append(data)
            have += len(data)
        data = b''.join(parts)
        if have <= size:
            self._buffer = b''
            return data
        self._buffer = data[size:]
        return data[:size]

    def readline(self, size=-1):
        limit = float('inf') if size is None or size < 0 else size
        searched = 0
        while True:
            at = self._buffer.find(b'\n', searched)
            if at >= 0 or len(self._buffer) >= limit:
                break
            searched = len(self._buffer)
            data = self._more(LEAST_WANT)
            if not data:
                break
            self._buffer += data
        end = min(len(self._buffer) if at < 0 else at + 1, limit)
        line, self._buffer = self._buffer[:end], self._buffer[end:]
        return line

    def readlines(self, hint=-1):
        lines, total = [], 0
        for line in self:
            lines.append(line)
            total += len(line)
            if hint is not None and 0 < hint <= total:
                break
        return lines

    def __iter__(self):
        return iter(self.readline, b'')

    def _more(self, wanted):
        """Some bytes; none at the end."""
        if self._ended:
            return b''
        data = self._lane.want(self._id, int(max(LEAST_WANT, min(wanted, MOST_WANT))))
        self._ended = not data
        return data
