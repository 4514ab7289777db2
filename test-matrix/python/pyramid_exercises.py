"""The exercises in Pyramid."""
import time
from urllib.parse import unquote

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPMethodNotAllowed, HTTPSeeOther
from pyramid.response import Response

import material

TEXT = 'text/plain'
BYTES = 'application/octet-stream'


def plain(content, status=200, **more):
    return Response(content, status, content_type=TEXT, charset='utf-8', **more)


def streamed(chunks, kind=TEXT):
    return Response(app_iter=chunks, content_type=kind)


def text(request):
    if request.method not in ('GET', 'HEAD'):
        return HTTPMethodNotAllowed(headers=[('Allow', 'GET, HEAD')])
    return plain(material.HELLO)


def set_cookies(request):
    response = plain('set')
    response.set_cookie('a', '1')
    response.set_cookie('b', '2')
    return response


def multipart(request):
    file = next(value for value in request.POST.values() if not isinstance(value, str))
    fields = {name: value for name, value in request.POST.items() if isinstance(value, str)}
    data = file.file.read()
    return Response(json_body={**fields, 'filename': file.filename, 'size': len(data), 'sum': sum(data)})


def refuse(request):
    material.count(request.body_file, material.ENOUGH)
    return plain('too large', 413)


def cached(request):
    response = plain('cached', conditional_response=True)
    response.etag = 'v1'
    return response


def error(request):
    raise RuntimeError('secret')


def hang(request):
    return streamed(material.waiting(material.observer(request.environ['wsgi.errors'], request.params['case'])))


def slow(request):
    time.sleep(int(request.params['ms']) / 1000)
    return plain('slow')


VIEWS = {
    '/text': text,
    '/json': lambda request: Response(json_body={'message': 'Hello, World!'}),
    '/greet/{name:.+}': lambda request: plain(f'Hello, {request.matchdict["name"]}!'),
    '/query': lambda request: Response(json_body={'q': request.params.get('q')}),
    '/query/all': lambda request: Response(json_body=request.params.getall('tag')),
    '/field': lambda request: Response(json_body={'value': request.headers.get('X-Tag')}),
    '/cookies': lambda request: Response(json_body={name: unquote(value) for name, value in request.cookies.items()}),
    '/cookies/set': set_cookies,
    '/form': lambda request: Response(json_body=dict(request.POST)),
    '/multipart': multipart,
    '/upload': lambda request: Response(json_body={'bytes': material.count(request.body_file)}),
    '/refuse': refuse,
    '/early': lambda request: plain('no', 403),
    '/echo': lambda request: Response(request.body, content_type=BYTES),
    '/stream': lambda request: streamed(material.lines()),
    '/download': lambda request: streamed(material.pieces(), BYTES),
    '/events': lambda request: streamed(material.events(), 'text/event-stream'),
    '/item': lambda request: Response(status=204),
    '/cached': cached,
    '/old': lambda request: HTTPSeeOther(request.route_path('/text')),
    '/error': error,
    '/error/late': lambda request: streamed(material.partial()),
    '/hang': hang,
    '/link': lambda request: plain(request.route_path('/text')),
    '/large': lambda request: plain('large', headerlist=[('Content-Type', TEXT), ('X-Large', material.LARGE)]),
    '/slow': slow,
}

with Configurator() as config:
    for pattern, view in VIEWS.items():
        config.add_route(pattern, pattern)
        config.add_view(view, route_name=pattern)
    application = config.make_wsgi_app()
