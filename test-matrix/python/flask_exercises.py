"""The exercises in Flask."""
import time
from urllib.parse import unquote

from flask import Flask, Response, jsonify, redirect, request, url_for

import material

app = Flask(__name__)
app.json.sort_keys = False


def plain(content, status=200, **headers):
    return Response(content, status, {name.replace('_', '-'): value for name, value in headers.items()}, mimetype='text/plain')


@app.get('/text')
def text():
    return plain(material.HELLO)


@app.get('/json')
def message():
    return jsonify(message='Hello, World!')


@app.get('/greet/<path:name>')
def greet(name):
    return plain(f'Hello, {name}!')


@app.get('/query')
def query():
    return jsonify(q=request.args.get('q'))


@app.get('/query/all')
def query_all():
    return jsonify(request.args.getlist('tag'))


@app.get('/field')
def field():
    return jsonify(value=request.headers.get('X-Tag'))


@app.get('/cookies')
def cookies():
    return jsonify({name: unquote(value) for name, value in request.cookies.items()})


@app.get('/cookies/set')
def set_cookies():
    response = plain('set')
    response.set_cookie('a', '1')
    response.set_cookie('b', '2')
    return response


@app.post('/form')
def form():
    return jsonify(request.form)


@app.post('/multipart')
def multipart():
    file = next(request.files.values())
    data = file.read()
    return jsonify(**request.form, filename=file.filename, size=len(data), sum=sum(data))


@app.post('/upload')
def upload():
    return jsonify(bytes=material.count(request.stream))


@app.post('/refuse')
def refuse():
    material.count(request.stream, material.ENOUGH)
    return plain('too large', 413)


@app.post('/early')
def early():
    return plain('no', 403)


@app.post('/echo')
def echo():
    return Response(request.get_data(), mimetype='application/octet-stream')


@app.get('/stream')
def stream():
    return Response(material.lines(), mimetype='text/plain')


@app.get('/download')
def download():
    return Response(material.pieces(), mimetype='application/octet-stream')


@app.get('/events')
def events():
    return Response(material.events(), mimetype='text/event-stream')


@app.delete('/item')
def item():
    return Response(status=204)


@app.get('/cached')
def cached():
    response = plain('cached')
    response.set_etag('v1')
    return response.make_conditional(request)


@app.get('/old')
def old():
    return redirect(url_for('text'))


@app.get('/error')
def error():
    raise RuntimeError('secret')


@app.get('/error/late')
def late():
    return Response(material.partial(), mimetype='text/plain')


@app.get('/hang')
def hang():
    observe = material.observer(request.environ['wsgi.errors'], request.args['case'])
    return Response(material.waiting(observe), mimetype='text/plain')


@app.get('/link')
def link():
    return plain(url_for('text'))


@app.get('/large')
def large():
    return plain('large', X_Large=material.LARGE)


@app.get('/slow')
def slow():
    time.sleep(int(request.args['ms']) / 1000)
    return plain('slow')
