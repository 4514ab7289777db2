"""start_response, write and the body of one response (PEP 3333)."""
import sys

from .frames import CHUNK, END, HEAD, HEADER, RESPONSE, RESPONSE_HEADER, RESPONSE_WINDOW, frame


class ClientGone(OSError):
    """Raised to whoever still reads or writes when the client has left."""


class Response:
    __slots__ = ('lane', 'id', 'head', 'begun', 'ended')

    def __init__(self, lane, id):
        self.lane = lane
        self.id = id
        # What start_response was given last, as bytes.
        self.head = None
        # Whether the head was sent, and whether the whole response was.
        self.begun = False
        self.ended = False

    def start(self, status, headers, exc_info=None):
        """start_response."""
        if exc_info:
            try:
                if self.begun:
                    raise exc_info[1].with_traceback(exc_info[2])
            finally:
                # A reference to a traceback from a frame in it is a cycle.
                exc_info = None
        elif self.head is not None:
            raise AssertionError('start_response() was called a second time, without exc_info')
        words = [status]
        for name, value in headers:
            words.append(name)
            words.append(value)
        try:
            text = '\0'.join(words)
        except TypeError:
            raise TypeError(wrong_type(status, headers)) from None
        if text.count('\0') != len(words) - 1 or '\n' in text or '\r' in text:
            raise ValueError(control_character(status, headers))
        if not ('200' <= text[:3] < '600' and text[:3].isdigit() and text[3:4] in ('', ' ', '\0')):
            raise ValueError(f"expected a status such as '200 OK', from 200 to 599, got {status!r}")
        try:
            self.head = text.encode('latin-1')
        except UnicodeEncodeError:
            raise ValueError(wide_character(status, headers)) from None
        return self.write

    def write(self, data):
        """What start_response returns."""
        self.stream(self.lane.as_bytes(data))

    def send(self, result):
        """Sends what the application returned."""
        kind = type(result)
        if kind is list or kind is tuple:
            if len(result) == 1:
                body = result[0]
                if type(body) is not bytes:
                    body = self.lane.as_bytes(body)
            else:
                try:
                    body = b''.join(result)
                except TypeError:
                    body = b''.join([self.lane.as_bytes(part) for part in result])
            self.finish(body)
        elif isinstance(result, (str, bytes, bytearray)):
            # A body is an iterable of bytes. Of these the parts would be characters and numbers.
            self.lane.note_text(result)
            self.finish(self.lane.as_bytes(result))
        else:
            self.iterate(result)

    def iterate(self, result):
        surplus = False
        try:
            parts = iter(result)
        except TypeError:
            raise TypeError(no_body(result)) from None
        for data in parts:
            if type(data) is not bytes:
                data = self.lane.as_bytes(data)
            if not data:
                # It sends nothing, and is how an application that waits looks for its client.
                if not self.ended:
                    self.lane.look()
                continue
            if self.ended:
                surplus = True
                break
            if not self.begun and self.require_head() and self.lane.length_of(self.head) == len(data):
                # It is whole: the client need not wait for the end of the iteration.
                self.answer(data)
                self.lane.flush()
                continue
            self.stream(data)
        if surplus:
            sys.stderr.write('the application returned more bytes than its Content-Length says; they were not sent\n')
        elif not self.ended:
            self.finish(b'')

    def finish(self, body):
        """The last bytes, or all of them."""
        self.require_head()
        if not self.begun and len(body) <= RESPONSE_WINDOW:
            self.answer(body)
            return
        if not self.begun and self.lane.length_of(self.head) is None:
            self.head += b'\0Content-Length\0%d' % len(body)
        self.stream(body)
        self.lane.send(frame(END, self.id, b''))
        self.ended = True

    def answer(self, body):
        head = self.head
        size = len(head)
        self.lane.send(RESPONSE_HEADER.pack(4 + size + len(body), self.id, RESPONSE, size) + head + body)
        self.begun = self.ended = True

    def stream(self, data):
        """Sends a piece as soon as there is room, and looks whether the client is still there."""
        if not data:
            return
        lane = self.lane
        if not self.begun:
            self.require_head()
            lane.send(frame(HEAD, self.id, self.head))
            self.begun = True
        view, at, size = memoryview(data), 0, len(data)
        while at < size:
            part = min(lane.room(), size - at)
            lane.send(HEADER.pack(part, self.id, CHUNK) + view[at : at + part])
            lane.take_room(part)
            at += part
        lane.flush()
        lane.look()

    def require_head(self):
        if self.head is None:
            raise AssertionError('the application returned a body and did not call start_response()')
        return True


def wrong_type(status, headers):
    if not isinstance(status, str):
        return f'expected a str for the status, got {status!r}'
    for name, value in headers:
        if not isinstance(name, str) or not isinstance(value, str):
            return f'expected str for the name and the value of a header field, got ({name!r}, {value!r})'
    return 'expected str for the status and the header fields'


def control_character(status, headers):
    for name, value in headers:
        if any(character in name + value for character in '\0\r\n'):
            return f'a header field must not contain CR, LF or NUL; got ({name!r}, {value!r})'
    return f'the status must not contain CR, LF or NUL; got {status!r}'


def wide_character(status, headers):
    for name, value in headers:
        if any(ord(character) > 255 for character in name + value):
            return f'a header field holds bytes as characters up to U+00FF (PEP 3333); got ({name!r}, {value!r})'
    return f'the status holds bytes as characters up to U+00FF (PEP 3333); got {status!r}'


def no_body(result):
    """Why a result is no body, in words that name the usual cause."""
    if result is None:
        return "the application returned None; expected an iterable of bytes, such as [b'Hello']"
    kind = f'{type(result).__module__}.{type(result).__name__}'
    if hasattr(result, '__await__') or hasattr(result, '__aiter__'):
        return f'the application returned {kind}, which is async: that is for ASGI; expected an iterable of bytes'
    return f'the application returned {kind}; expected an iterable of bytes'
