"""The exercises in Django."""
import time
from urllib.parse import unquote

from django.conf import settings

settings.configure(
    SECRET_KEY='not secret',
    ALLOWED_HOSTS=['*'],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=['django.middleware.common.CommonMiddleware'],
    APPEND_SLASH=False,
    LOGGING_CONFIG=None,
)

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse, StreamingHttpResponse  # noqa: E402
from django.urls import path, reverse  # noqa: E402
from django.views.decorators.http import etag, require_safe  # noqa: E402

import material  # noqa: E402

TEXT = 'text/plain; charset=utf-8'
BYTES = 'application/octet-stream'


def plain(content, status=200, headers=None):
    return HttpResponse(content, content_type=TEXT, status=status, headers=headers)


@require_safe
def text(request):
    return plain(material.HELLO)


def set_cookies(request):
    response = plain('set')
    response.set_cookie('a', '1')
    response.set_cookie('b', '2')
    return response


def multipart(request):
    file = next(iter(request.FILES.values()))
    data = file.read()
    return JsonResponse({**request.POST.dict(), 'filename': file.name, 'size': len(data), 'sum': sum(data)})


def refuse(request):
    material.count(request, material.ENOUGH)
    return plain('too large', 413)


@etag(lambda request: '"v1"')
def cached(request):
    return plain('cached')


def error(request):
    raise RuntimeError('secret')


def hang(request):
    observe = material.observer(request.environ['wsgi.errors'], request.GET['case'])
    return StreamingHttpResponse(material.waiting(observe), content_type=TEXT)


def slow(request):
    time.sleep(int(request.GET['ms']) / 1000)
    return plain('slow')


urlpatterns = [
    path('text', text, name='text'),
    path('json', lambda request: JsonResponse({'message': 'Hello, World!'})),
    path('greet/<path:name>', lambda request, name: plain(f'Hello, {name}!')),
    path('query', lambda request: JsonResponse({'q': request.GET.get('q')})),
    path('query/all', lambda request: JsonResponse(request.GET.getlist('tag'), safe=False)),
    path('field', lambda request: JsonResponse({'value': request.headers.get('X-Tag')})),
    path('cookies', lambda request: JsonResponse({name: unquote(value) for name, value in request.COOKIES.items()})),
    path('cookies/set', set_cookies),
    path('form', lambda request: JsonResponse(request.POST.dict())),
    path('multipart', multipart),
    path('upload', lambda request: JsonResponse({'bytes': material.count(request)})),
    path('refuse', refuse),
    path('early', lambda request: plain('no', 403)),
    path('echo', lambda request: HttpResponse(request.body, content_type=BYTES)),
    path('stream', lambda request: StreamingHttpResponse(material.lines(), content_type=TEXT)),
    path('download', lambda request: StreamingHttpResponse(material.pieces(), content_type=BYTES)),
    path('events', lambda request: StreamingHttpResponse(material.events(), content_type='text/event-stream')),
    path('item', lambda request: HttpResponse(status=204)),
    path('cached', cached),
    path('old', lambda request: HttpResponseRedirect(reverse('text'))),
    path('error', error),
    path('error/late', lambda request: StreamingHttpResponse(material.partial(), content_type=TEXT)),
    path('hang', hang),
    path('link', lambda request: plain(reverse('text'))),
    path('large', lambda request: plain('large', headers={'X-Large': material.LARGE})),
    path('slow', slow),
]

application = get_wsgi_application()
