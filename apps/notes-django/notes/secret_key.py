import os
import secrets
import tempfile


def kept_in(file):
    """The text of this file, which is made where there is none; processes that start together agree on one."""
    if not file.exists():
        with tempfile.NamedTemporaryFile('w', dir=file.parent) as made:
            made.write(secrets.token_urlsafe(50))
            made.flush()
            try:
                os.link(made.name, file)
            except FileExistsError:
                pass
    return file.read_text()
