from django import forms

from .models import Note


class NoteForm(forms.ModelForm):
    class Meta:
        model = Note
        fields = ['title', 'body', 'colour', 'is_pinned']
        widgets = {
            'title': forms.TextInput({'autocomplete': 'off'}),
            'body': forms.Textarea({'rows': 12}),
            'colour': forms.RadioSelect,
        }

    def clean_body(self):
        return self.cleaned_data['body'].replace('\r\n', '\n')
