"""
A lane: a socket and the thread that answers what arrives on it, in order. The thread itself reads frames whenever it waits
for something, so nothing is handed from one thread to another and nothing needs a lock.
"""
import io
import os
import socket
import sys
import threading
from collections import deque
from urllib.parse import unquote_to_bytes

from .frames import (
    BODY_FOLLOWS, CANCEL, DATA, END, ERROR, FAIL, HEADER, REQUEST, REQUEST_HEAD, RESPONSE_WINDOW, STOP, U32, WANT, WINDOW,
    frame,
)
from .request_errors import RequestErrors
from .request_input import RequestInput
from .response import ClientGone, Response
from .tracebacks import from_application

# Under the size from which malloc asks the system for memory each time.
RECEIVE_SIZE = 64 * 1024


class PeerGone(BaseException):
    """The other side has closed the lane. Not an Exception, so that no application swallows it."""


class ParentsSocket:
    """In the place of a lane's socket in a forked child: one that returns from its handler must not answer twice."""

    def sendall(self, _data):
        sys.stderr.write('the application forked, and the child returned from its handler; the child ends here\n')
        sys.stderr.flush()
        os._exit(1)

    def recv(self, _size, _flags=0):
        self.sendall(b'')


class Lane:
    def __init__(self, descriptor, application, environs, strict):
        self.socket = socket.socket(fileno=descriptor)
        self.application = application
        # By the flags of a request, without the first.
        self.environs = [dict(environ) for environ in environs]
        self.errors = RequestErrors(self)
        for environ in self.environs:
            environ['wsgi.errors'] = self.errors
        self.strict = strict
        self.thread = 0
        # The request at work; 0 is none.
        self.current = 0
        self._out = []
        self._rest = b''
        self._requests = deque()
        self._body = deque()
        self._cancelled = set()
        self._client_gone = False
        self._window = 0
        self._stopping = False
        self._noted = False
        self._head = b''
        self._head_length = None

    # What the worker does with it.

    def run(self):
        """Answers requests until it is told to stop, or until nobody is there to ask."""
        self.thread = threading.get_ident()
        try:
            while True:
                while self._requests:
                    id, buffer, start, end = self._requests.popleft()
                    if id in self._cancelled:
                        self._cancelled.discard(id)
                        # Each request is ended, so that both sides count alike.
                        self.send(frame(END, id, b''))
                    else:
                        self._answer(id, buffer, start, end)
                    self.flush()
                if self._stopping:
                    return
                self._receive()
        except (PeerGone, BrokenPipeError, ConnectionResetError):
            return

    def leave_to_parent(self):
        """In a child that the application forked: the lane is its parent's."""
        self.socket.close()
        self.socket = ParentsSocket()

    def _answer(self, id, buffer, start, end):
        self.current = id
        self._client_gone = False
        self._window = RESPONSE_WINDOW
        self._body.clear()
        flags, length = REQUEST_HEAD.unpack_from(buffer, start)
        start += 5
        body = start + length
        words = iter(str(buffer[start:body], 'latin-1').split('\0'))
        environ = self.environs[flags >> 1].copy()
        environ.update(zip(words, words))
        if '%' in environ['REQUEST_URI']:
            for key in ('SCRIPT_NAME', 'PATH_INFO'):
                environ[key] = unquote_to_bytes(environ[key]).decode('latin-1')
        environ['RAW_URI'] = environ['REQUEST_URI']
        environ['wsgi.input'] = RequestInput(self, id) if flags & BODY_FOLLOWS else io.BytesIO(buffer[body:end])

        response = Response(self, id)
        result = failure = None
        try:
            result = self.application(environ, response.start)
            response.send(result)
            self.errors.flush()
            # The answer leaves before close(), which may take its time.
            self.flush()
        except PeerGone:
            raise
        except BaseException as error:
            failure = error
        finally:
            self._close(result)
        if failure is not None:
            self._failed(response, failure)
            # It holds this frame, and this frame it.
            failure = None
        self.errors.flush()
        self.current = 0

    def _failed(self, response, error):
        self.errors.flush()
        if self._client_gone:
            self.send(frame(END, response.id, b''))
        elif response.ended:
            sys.stderr.write(f'after the response was complete:\n{from_application(error)}')
        else:
            self.send(frame(ERROR, response.id, from_application(error).encode('utf-8', 'replace')))
        self.flush()

    def _close(self, result):
        close = getattr(result, 'close', None)
        if close is None:
            return
        try:
            close()
        except Exception as error:
            self.errors.write(f'close() of the response failed:\n{from_application(error)}')

    # What requests, their input and their responses do with it.

    def send(self, data):
        self._out.append(data)

    def flush(self):
        if self._out:
            data = b''.join(self._out)
            self._out.clear()
            self.socket.sendall(data)

    def want(self, id, size):
        """Bytes of the body of the request at work; none at its end."""
        if id != self.current:
            raise ValueError('wsgi.input was read after the response had ended')
        self.send(frame(WANT, id, U32.pack(size)))
        self.flush()
        while not self._body:
            self._require_client()
            self._receive()
        data = self._body.popleft()
        if isinstance(data, Exception):
            raise data
        return data

    def room(self):
        """How many bytes of the response may be sent; waits until there are some."""
        while self._window <= 0:
            self.flush()
            self._require_client()
            self._receive()
        return self._window

    def take_room(self, size):
        self._window -= size

    def look(self):
        """Raises where the client has left meanwhile."""
        self._receive(socket.MSG_DONTWAIT)
        self._require_client()

    def length_of(self, head):
        """The Content-Length in a head, where it has one. Heads repeat themselves, so the last one is remembered."""
        if head != self._head:
            self._head = head
            self._head_length = declared_length(head)
        return self._head_length

    def as_bytes(self, data):
        """A piece of a body. What is no bytes breaks PEP 3333; text, which textbooks return, is sent as UTF-8."""
        if isinstance(data, (bytes, bytearray, memoryview)):
            return bytes(data)
        if not isinstance(data, str):
            raise TypeError(f'expected bytes in the body, got {type(data).__name__}: {data!r:.80}')
        self.note_text(data)
        return data.encode('utf-8')

    def note_text(self, data):
        kind = type(data).__name__
        text = (
            f'the application returned a {kind}, and PEP 3333 wants an iterable of bytes: write '
            + ("return [text.encode('utf-8')]" if kind == 'str' else 'return [data]')
        )
        if self.strict:
            raise TypeError(text)
        if not self._noted:
            self._noted = True
            self.errors.write(f'{text} (said once; it is sent as one chunk)\n')

    # Frames that arrive.

    def _require_client(self):
        if self._client_gone:
            raise ClientGone('the client has left')

    def _receive(self, flags=0):
        """Takes what has arrived, waiting for something without flags."""
        try:
            data = self.socket.recv(RECEIVE_SIZE, flags)
        except BlockingIOError:
            return
        if not data:
            raise PeerGone
        buffer = self._rest + data if self._rest else data
        at, end = 0, len(buffer)
        while end - at >= 9:
            size, id, kind = HEADER.unpack_from(buffer, at)
            stop = at + 9 + size
            if stop > end:
                break
            self._take(kind, id, buffer, at + 9, stop)
            at = stop
        self._rest = buffer[at:] if at < end else b''
        if len(self._rest) >= 9:
            self._receive_rest(9 + HEADER.unpack_from(self._rest)[0])

    def _receive_rest(self, size):
        """Takes the rest of a frame that has begun to arrive, in one go: a piece at a time would copy it each time."""
        buffer = bytearray(self._rest)
        while len(buffer) < size:
            data = self.socket.recv(size - len(buffer))
            if not data:
                raise PeerGone
            buffer += data
        self._rest = b''
        _, id, kind = HEADER.unpack_from(buffer)
        self._take(kind, id, bytes(buffer), 9, size)

    def _take(self, kind, id, buffer, start, end):
        if kind == REQUEST:
            self._requests.append((id, buffer, start, end))
        elif kind == STOP:
            self._stopping = True
        elif kind == CANCEL and id != self.current:
            self._cancelled.add(id)
        elif id == self.current:
            if kind == DATA:
                self._body.append(buffer[start:end])
            elif kind == WINDOW:
                self._window += U32.unpack_from(buffer, start)[0]
            elif kind == CANCEL:
                self._client_gone = True
            elif kind == FAIL:
                self._body.append(OSError(buffer[start:end].decode('utf-8', 'replace')))


def declared_length(head):
    at = head.lower().find(b'\0content-length\0')
    if at < 0:
        return None
    value = head[at + 16 :].split(b'\0', 1)[0]
    return int(value) if value.isdigit() else None
