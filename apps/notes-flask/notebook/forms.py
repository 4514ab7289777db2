"""What a person writes, and what is wrong with it."""
from dataclasses import dataclass, field
from typing import ClassVar

COLOURS = {'plain': 'Paper', 'amber': 'Amber', 'green': 'Green', 'blue': 'Blue', 'rose': 'Rose'}


@dataclass
class NoteForm:
    TITLE_LENGTH: ClassVar = 120
    BODY_LENGTH: ClassVar = 10_000

    title: str = ''
    body: str = ''
    colour: str = 'plain'
    is_pinned: bool = False
    errors: dict = field(default_factory=dict)

    @classmethod
    def of(cls, note):
        return cls(note.title, note.body, note.colour, note.is_pinned)

    @classmethod
    def sent(cls, form):
        """From the fields of a request."""
        body = form.get('body', '').replace('\r\n', '\n').strip()
        return cls(form.get('title', '').strip(), body, form.get('colour', ''), 'is_pinned' in form)

    def validate(self):
        self.errors = {}
        if not self.title:
            self.errors['title'] = 'This field is required.'
        self._check_text('title', self.title, self.TITLE_LENGTH)
        self._check_text('body', self.body, self.BODY_LENGTH)
        if self.colour not in COLOURS:
            self.errors['colour'] = f'Choose one of {", ".join(COLOURS.values())}.'
        return not self.errors

    def _check_text(self, name, text, longest):
        if '\0' in text:
            self.errors[name] = 'This holds a character that is no text.'
        elif len(text) > longest:
            self.errors[name] = f'Write at most {longest} characters; these are {len(text)}.'
