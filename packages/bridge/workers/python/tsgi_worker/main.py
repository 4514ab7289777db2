"""From the command line to lanes that answer, and to the end."""
import atexit
import faulthandler
import json
import os
import signal
import socket
import sys
import threading

from .file_wrapper import FileWrapper
from .frames import FAILED, HTTPS, MULTIPROCESS, PROTOCOL_VERSION, READY, RUN_ONCE, frame
from .lane import Lane
from .loading import LoadFailure, load_application, loaded_files
from .orphan import GRACE, OrphanWatch
from .tracebacks import files_of, from_application

# After standard input, output and error.
FIRST_LANE = 3


def main(spec, settings_text):
    settings = json.loads(settings_text)
    descriptors = range(FIRST_LANE, FIRST_LANE + settings['lanes'])
    watch = OrphanWatch(FIRST_LANE)
    for descriptor in descriptors:
        # A program that the application runs would hold them open.
        os.set_inheritable(descriptor, False)
    # Who serves decides when this process ends; a terminal and a service manager signal all of a group. Not SIG_IGN, which
    # programs that the application runs would inherit.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    faulthandler.enable()
    faulthandler.register(signal.SIGUSR1, all_threads=True)
    for output in (sys.stdout, sys.stderr):
        output.reconfigure(line_buffering=True)

    if settings['protocol'] != PROTOCOL_VERSION:
        return fail(f'this worker speaks version {PROTOCOL_VERSION} of the protocol, got {settings["protocol"]}.', [])
    try:
        application = load_application(spec)
    except LoadFailure as failure:
        return fail(str(failure), loaded_files())
    except BaseException as error:
        # The module that failed is not among those loaded, but the traceback names it.
        missing = error.name if isinstance(error, ModuleNotFoundError) else None
        return fail(from_application(error), loaded_files().union(files_of(error)), missing)

    environs = [base_environ(flags << 1, settings) for flags in range(8)]
    lanes = [Lane(descriptor, application, environs, settings['strict']) for descriptor in descriptors]
    os.register_at_fork(after_in_child=lambda: [lane.leave_to_parent() for lane in lanes])
    report = {'pid': os.getpid(), 'version': '%d.%d.%d' % sys.version_info[:3], 'files': sorted(loaded_files())}
    lanes[0].socket.sendall(frame(READY, 0, json.dumps(report).encode()))
    watch.grace = GRACE

    threads = [threading.Thread(target=lane.run, name=f'lane-{number}') for number, lane in enumerate(lanes)][1:]
    for thread in threads:
        thread.start()
    lanes[0].run()
    for thread in threads:
        thread.join()
    end_left_behind()
    return 0


def base_environ(flags, settings):
    """What all requests with these flags have in common."""
    return {
        'SERVER_SOFTWARE': settings['software'],
        'wsgi.version': (1, 0),
        'wsgi.url_scheme': 'https' if flags & HTTPS else 'http',
        'wsgi.multithread': settings['lanes'] > 1,
        'wsgi.multiprocess': bool(flags & MULTIPROCESS),
        'wsgi.run_once': bool(flags & RUN_ONCE),
        'wsgi.file_wrapper': FileWrapper,
        # The input ends where the body does, whatever CONTENT_LENGTH says.
        'wsgi.input_terminated': True,
    }


def fail(text, files, missing=None):
    report = {'error': text.rstrip('\n'), 'files': sorted(files), 'missing': missing}
    with socket.socket(fileno=FIRST_LANE) as lane:
        lane.sendall(frame(FAILED, 0, json.dumps(report).encode()))
    sys.stdout.flush()
    # Threads that the import started are not waited for.
    os._exit(3)


def end_left_behind():
    """Ends with threads that the application left behind: the interpreter would wait for them for ever."""
    left = [thread.name for thread in threading.enumerate() if not thread.daemon and thread is not threading.main_thread()]
    if left:
        sys.stderr.write(f'the application left threads behind, which end with the process: {", ".join(left)}\n')
        atexit._run_exitfuncs()
        sys.stdout.flush()
        os._exit(0)
