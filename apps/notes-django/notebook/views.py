import uuid

from django.contrib import messages
from django.urls import reverse_lazy
from django.views import generic

from .forms import NoteForm
from .models import Note

SEARCH_LENGTH = 200


class NotebookMixin:
    """Notes of this browser's notebook only."""

    model = Note

    def get_queryset(self):
        return Note.objects.in_notebook(self.request.session.get('notebook', ''))


class NoteFormMixin:
    form_class = NoteForm
    success_message = ''

    def form_valid(self, form):
        response = super().form_valid(form)
        messages.success(self.request, self.success_message)
        return response

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


class NoteList(NotebookMixin, generic.ListView):
    paginate_by = 12

    def get_queryset(self):
        self.search = self.request.GET.get('q', '')[:SEARCH_LENGTH].strip()
        return super().get_queryset().with_words(self.search)

    def paginate_queryset(self, queryset, page_size):
        # The nearest page that there is, and not 404: a bookmark outlives its notes.
        paginator = self.get_paginator(queryset, page_size)
        page = paginator.get_page(self.request.GET.get(self.page_kwarg))
        return paginator, page, page.object_list, page.has_other_pages()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(search=self.search, **kwargs)
        page = context['page_obj']
        numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
        return {**context, 'numbers': numbers, 'total': page.paginator.count}


class NoteDetail(NotebookMixin, generic.DetailView):
    pass


class NoteCreate(NoteFormMixin, generic.CreateView):
    model = Note
    success_message = 'Your note is saved.'

    def form_valid(self, form):
        # The notebook begins with the first note: who only looks gets no cookie.
        form.instance.notebook = self.request.session.setdefault('notebook', uuid.uuid4().hex)
        return super().form_valid(form)


class NoteUpdate(NotebookMixin, NoteFormMixin, generic.UpdateView):
    success_message = 'Your changes are saved.'


class NoteDelete(NotebookMixin, generic.DeleteView):
    success_url = reverse_lazy('notebook:list')

    def post(self, request, *args, **kwargs):
        title = self.get_object().title
        response = super().post(request, *args, **kwargs)
        messages.success(request, f'“{title}” is deleted.')
        return response
