"""Error pages in the words of the site."""
from flask import render_template

WORDS = {
    403: (
        'This form could not be checked',
        'It may have been open for very long, or come from another site. Go back, reload the page and send it again.',
    ),
    404: ('There is no such page', 'The note may have been deleted, or it belongs to a notebook of another browser.'),
    413: ('This is too long', 'A note has room for some pages of text. Go back and make it shorter.'),
    500: ('Something broke here', 'It is not your fault, and it has been noted. Try again in a moment.'),
}


def page(error):
    title, text = WORDS.get(error.code, ('This did not work', ''))
    # Its header fields stay: Allow, for one.
    response = error.get_response()
    response.data = render_template('error.html', status=error.code, title=title, text=text)
    response.content_type = 'text/html; charset=utf-8'
    return response
