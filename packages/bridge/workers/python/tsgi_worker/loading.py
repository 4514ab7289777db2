"""Finds the application that a name leads to."""
import ast
import importlib
import importlib.util
import inspect
import os
import re
import sys

# Where no name is given, in this order.
USUAL_NAMES = ('application', 'app')


class LoadFailure(Exception):
    """A sentence for people, instead of a traceback."""


def load_application(spec):
    """`module:name`, `file.py:name`, with a factory `module:create_app()`, or without a name."""
    module_name, name = split_spec(spec)
    module = import_file(module_name) if is_file(module_name) else import_named(module_name)
    found = find(module, module_name, name)
    if is_asgi(found):
        raise LoadFailure(f'{spec} is an ASGI application; @tsgi/bridge runs WSGI applications (PEP 3333), which are not async.')
    if not callable(found):
        raise LoadFailure(f'{spec} is not callable: expected application(environ, start_response), got {kind_of(found)}.')
    return found


def split_spec(spec):
    file = re.match(r'(.+\.py)(?::(.+))?$', spec)
    module, _, name = spec.partition(':')
    return (file[1], file[2] or '') if file else (module, name)


def is_file(name):
    return name.endswith('.py') or os.sep in name


def import_file(path):
    path = os.path.abspath(path)
    if not os.path.exists(path):
        raise LoadFailure(f'there is no file {path}.')
    sys.path.insert(0, os.path.dirname(path))
    name = os.path.splitext(os.path.basename(path))[0]
    if not name.isidentifier() or name in sys.modules:
        # Not importable by its name, or that name is taken: it gets one that nobody else has.
        name = f'tsgi_application_{"".join(c if c.isalnum() else "_" for c in name)}'
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def import_named(name):
    sys.path.insert(0, os.getcwd())
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        # Of the module itself or of a package it is in; else it is an import inside the application.
        if error.name is None or not (name == error.name or name.startswith(error.name + '.')):
            raise
        here = os.getcwd()
        raise LoadFailure(f'there is no Python module {error.name}; looked in {here} and where this Python keeps its packages.') from None


def find(module, module_name, name):
    if name:
        return evaluate(module, module_name, name)
    for usual in USUAL_NAMES:
        if hasattr(module, usual):
            return getattr(module, usual)
    raise LoadFailure(f'{module_name} has neither "application" nor "app". {names_of(module, module_name)}')


def evaluate(module, module_name, name):
    """`application`, `site.application`, `create_app()`, `create_app('production', debug=False)`."""
    try:
        expression = ast.parse(name, mode='eval').body
    except SyntaxError:
        raise LoadFailure(f'expected the name of an application after the colon, got {name!r}.') from None
    call = expression if isinstance(expression, ast.Call) else None
    path = ast.unparse(expression.func if call is not None else expression)
    found = module
    for part in path.split('.'):
        if not hasattr(found, part):
            raise LoadFailure(f'{module_name} has no {path!r}. {names_of(module, module_name)}')
        found = getattr(found, part)
    if call is None:
        return found
    if not callable(found):
        raise LoadFailure(f'{module_name}:{path} is not callable, and so makes no application: it is {kind_of(found)}.')
    try:
        arguments = [ast.literal_eval(argument) for argument in call.args]
        keywords = {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
    except ValueError:
        raise LoadFailure(f'expected literals as arguments of a factory, got {name!r}.') from None
    return found(*arguments, **keywords)


def names_of(module, module_name):
    names = [
        f'{name}{"()" if inspect.isfunction(value) else ""}'
        for name, value in vars(module).items()
        if not name.startswith('_') and not inspect.ismodule(value)
    ]
    makers = [name for name in ('create_app', 'make_app', 'get_wsgi_application') if callable(getattr(module, name, None))]
    hint = f' To call a factory: {module_name}:{makers[0]}()' if makers else ''
    return (f'It has: {", ".join(sorted(names))}.' if names else 'It has no names at all.') + hint


def is_asgi(application):
    call = application if inspect.isroutine(application) else getattr(type(application), '__call__', None)
    return inspect.iscoroutinefunction(call) or inspect.isasyncgenfunction(call)


def kind_of(value):
    return 'None' if value is None else f'{type(value).__module__}.{type(value).__name__}'


def loaded_files():
    """Files whose change makes another application: not the standard library, and not what was installed."""
    library = os.path.dirname(os.__file__) + os.sep
    ours = os.path.dirname(os.path.abspath(__file__)) + os.sep
    files = set()
    for module in list(sys.modules.values()):
        file = getattr(module, '__file__', None)
        if not isinstance(file, str):
            continue
        file = os.path.abspath(file)
        installed = f'{os.sep}site-packages{os.sep}' in file or f'{os.sep}dist-packages{os.sep}' in file
        if not installed and not file.startswith((library, ours)):
            files.add(file)
    return files
