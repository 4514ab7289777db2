"""The exercises as PEP 3333 has them, without a framework, under the validator of the standard library."""
import json
import time
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, unquote
from wsgiref.validate import validator

import material
from multipart_form import uploaded

TEXT = ('Content-Type', 'text/plain; charset=utf-8')
BYTES = ('Content-Type', 'application/octet-stream')


def text(content, status='200 OK', *more):
    def view(environ, start_response):
        body = (content(environ) if callable(content) else content).encode('utf-8')
        start_response(status, [TEXT, ('Content-Length', str(len(body))), *more])
        return [body]

    return view


def as_json(value):
    def view(environ, start_response):
        content = json.dumps(value(environ)).encode()
        start_response('200 OK', [('Content-Type', 'application/json')])
        return [content]

    return view


def streamed(kind, chunks):
    def view(environ, start_response):
        start_response('200 OK', [kind])
        return chunks(environ)

    return view


def query(environ, name):
    return parse_qs(environ['QUERY_STRING']).get(name, [None])


def body(environ):
    return environ['wsgi.input'].read(int(environ.get('CONTENT_LENGTH') or 0))


def upload(environ):
    return {'bytes': material.count(environ['wsgi.input'])}


def refuse(environ, start_response):
    material.count(environ['wsgi.input'], material.ENOUGH)
    start_response('413 Content Too Large', [TEXT])
    return [b'too large']


def form(environ):
    return {name: values[0] for name, values in parse_qs(body(environ).decode('utf-8')).items()}


def cached(environ, start_response):
    etag = ('ETag', '"v1"')
    if environ.get('HTTP_IF_NONE_MATCH') == '"v1"':
        start_response('304 Not Modified', [etag])
        return []
    start_response('200 OK', [TEXT, etag])
    return [b'cached']


def deleted(environ, start_response):
    start_response('204 No Content', [])
    return []


def old(environ, start_response):
    start_response('303 See Other', [('Location', environ['SCRIPT_NAME'] + '/text'), TEXT])
    return []


def error(environ, start_response):
    raise RuntimeError('secret')


def slow(environ, start_response):
    time.sleep(int(query(environ, 'ms')[0]) / 1000)
    start_response('200 OK', [TEXT])
    return [b'slow']


def waiting(environ):
    return material.waiting(material.observer(environ['wsgi.errors'], query(environ, 'case')[0]))


def greet(environ, start_response):
    name = environ['PATH_INFO'].encode('latin-1').decode('utf-8').removeprefix('/greet/')
    return text(f'Hello, {name}!')(environ, start_response)


VIEWS = {
    'GET /text': text(material.HELLO),
    'GET /json': as_json(lambda environ: {'message': 'Hello, World!'}),
    'GET /query': as_json(lambda environ: {'q': query(environ, 'q')[0]}),
    'GET /query/all': as_json(lambda environ: parse_qs(environ['QUERY_STRING']).get('tag', [])),
    'GET /field': as_json(lambda environ: {'value': environ.get('HTTP_X_TAG')}),
    'GET /cookies': as_json(
        lambda environ: {name: unquote(cookie.value) for name, cookie in SimpleCookie(environ.get('HTTP_COOKIE', '')).items()}
    ),
    'GET /cookies/set': text('set', '200 OK', ('Set-Cookie', 'a=1'), ('Set-Cookie', 'b=2')),
    'POST /form': as_json(form),
    'POST /multipart': as_json(lambda environ: uploaded(environ['CONTENT_TYPE'], body(environ))),
    'POST /upload': as_json(upload),
    'POST /refuse': refuse,
    'POST /early': text('no', '403 Forbidden'),
    'POST /echo': streamed(BYTES, lambda environ: [body(environ)]),
    'GET /stream': streamed(TEXT, lambda environ: material.lines()),
    'GET /download': streamed(BYTES, lambda environ: material.pieces()),
    'GET /events': streamed(('Content-Type', 'text/event-stream'), lambda environ: material.events()),
    'DELETE /item': deleted,
    'GET /cached': cached,
    'GET /old': old,
    'GET /error': error,
    'GET /error/late': streamed(TEXT, lambda environ: material.partial()),
    'GET /hang': streamed(TEXT, waiting),
    'GET /link': text(lambda environ: environ['SCRIPT_NAME'] + '/text'),
    'GET /large': text('large', '200 OK', ('X-Large', material.LARGE)),
    'GET /slow': slow,
}


@validator
def application(environ, start_response):
    method, path = environ['REQUEST_METHOD'], environ['PATH_INFO']
    view = VIEWS.get(f'{"GET" if method == "HEAD" else method} {path}')
    if view is not None:
        return view(environ, start_response)
    if path.startswith('/greet/'):
        return greet(environ, start_response)
    if path == '/text':
        return text('method not allowed', '405 Method Not Allowed', ('Allow', 'GET, HEAD'))(environ, start_response)
    return text('not found', '404 Not Found')(environ, start_response)
