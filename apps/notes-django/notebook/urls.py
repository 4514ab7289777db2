from django.urls import include, path, register_converter
from django.urls.converters import IntConverter

from . import views


class NoteIdConverter(IntConverter):
    # SQLite has no larger numbers.
    regex = '[0-9]{1,18}'


register_converter(NoteIdConverter, 'note_id')

app_name = 'notebook'

urlpatterns = [
    path('', views.NoteList.as_view(), name='list'),
    path('notes/new/', views.NoteCreate.as_view(), name='create'),
    path(
        'notes/<note_id:pk>/',
        include(
            [
                path('', views.NoteDetail.as_view(), name='detail'),
                path('edit/', views.NoteUpdate.as_view(), name='edit'),
                path('delete/', views.NoteDelete.as_view(), name='delete'),
            ]
        ),
    ),
]
