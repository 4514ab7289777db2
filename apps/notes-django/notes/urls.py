from django.conf import settings
from django.contrib.staticfiles.views import serve
from django.urls import include, path, re_path
from django.views.generic import RedirectView

urlpatterns = [
    path('', include('notebook.urls')),
    # Browsers ask for it where a page names no icon.
    path('favicon.ico', RedirectView.as_view(url=f'{settings.STATIC_URL}icon.svg', permanent=True)),
    # For servers that serve no files of their own; `tsgi serve --static` is faster, and then this is not reached.
    re_path(r'^static/(?P<path>[\w-]+\.\w+)$', serve, {'insecure': True}),
]
