import unicodedata

from django.db import models
from django.urls import reverse


class NoteQuerySet(models.QuerySet):
    def in_notebook(self, notebook):
        return self.filter(notebook=notebook)

    def with_words(self, search):
        """Those that have all words of the search."""
        notes = self
        for word in folded(search).replace('\0', ' ').split():
            notes = notes.filter(search__contains=word)
        return notes


class Note(models.Model):
    class Colour(models.TextChoices):
        PLAIN = 'plain', 'Paper'
        AMBER = 'amber', 'Amber'
        GREEN = 'green', 'Green'
        BLUE = 'blue', 'Blue'
        ROSE = 'rose', 'Rose'

    # A name that only one browser knows.
    notebook = models.CharField(max_length=32)
    title = models.CharField(max_length=120)
    body = models.TextField('note', max_length=10_000, blank=True)
    colour = models.CharField(max_length=10, choices=Colour.choices, default=Colour.PLAIN)
    is_pinned = models.BooleanField('keep on top', default=False)
    search = models.TextField(editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ['-is_pinned', '-updated_at', '-id']
        indexes = [models.Index(fields=['notebook', 'is_pinned', 'updated_at'], name='notes_in_order')]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.search = folded(f'{self.title}\n{self.body}')
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse('notebook:detail', args=[self.pk])


def folded(text):
    """One letter case and one way of writing accents: LIKE of SQLite knows the case of ASCII only."""
    return unicodedata.normalize('NFKC', text).casefold()
