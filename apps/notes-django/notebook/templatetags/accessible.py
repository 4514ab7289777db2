from django import template

register = template.Library()


@register.filter
def explained(field):
    """The input of a field, tied to its error as Django 5.2 does by itself."""
    if not field.errors:
        return field
    return field.as_widget(attrs={'aria-invalid': 'true', 'aria-describedby': f'{field.auto_id}_error'})
