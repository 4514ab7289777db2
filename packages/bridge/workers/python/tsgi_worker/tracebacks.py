"""Tracebacks as the application's author wants them: how the worker got there is of no use to anybody."""
import os
import traceback

HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep


def from_application(error):
    """The traceback of an error, without the worker's own lines."""
    shown = traceback.TracebackException.from_exception(error)
    part, seen = shown, set()
    while part is not None and id(part) not in seen:
        seen.add(id(part))
        part.stack = traceback.StackSummary.from_list([line for line in part.stack if not _is_ours(line.filename)])
        part = part.__cause__ or part.__context__
    text = ''.join(shown.format())
    empty = 'Traceback (most recent call last):\n'
    # Where the worker itself found the fault, no line is left to show.
    return text[len(empty):] if not shown.stack and text.startswith(empty) else text


def _is_ours(file):
    return file.startswith(HERE) or file.startswith('<frozen importlib') or f'{os.sep}importlib{os.sep}' in file


def files_of(error):
    """The files that a traceback leads through, and the file of a syntax error."""
    files = [line.filename for line in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError) and error.filename:
        files.append(error.filename)
    return [file for file in files if os.path.exists(file) and not _is_ours(file)]
