# The exercises in Sinatra.
require 'json'
require 'sinatra/base'
require_relative 'material'

class SinatraExercises < Sinatra::Base
  # As in production: an error is answered with its status alone.
  set :environment, :production

  helpers do
    def json(value)
      content_type :json
      JSON.generate(value)
    end

    def plain(content, status = 200, fields = {})
      content_type 'text/plain'
      [status, fields, content]
    end

    def streamed(body, kind = 'text/plain')
      content_type kind
      body
    end
  end

  get('/text') { plain(Material::HELLO) }
  get('/json') { json(message: 'Hello, World!') }
  get('/greet/*') { plain("Hello, #{params['splat'].first}!") }
  get('/query') { json(q: params['q']) }
  get('/query/all') { json(Array(Rack::Utils.parse_query(request.query_string)['tag'])) }
  get('/field') { json(value: request.env['HTTP_X_TAG']) }
  get('/cookies') { json(request.cookies) }
  get('/cookies/set') do
    response.set_cookie('a', '1')
    response.set_cookie('b', '2')
    plain('set')
  end
  post('/form') { json(request.POST) }
  post('/multipart') { json(Material.uploaded(request.POST)) }
  post('/upload') { json(bytes: Material.count(request.body)) }
  post('/refuse') do
    Material.count(request.body, Material::ENOUGH)
    plain('too large', 413)
  end
  post('/early') { plain('no', 403) }
  post('/echo') { streamed(request.body.read, 'application/octet-stream') }
  get('/stream') { streamed(Material.lines) }
  get('/download') { streamed(Material.pieces, 'application/octet-stream') }
  get('/events') { streamed(Material.events, 'text/event-stream') }
  delete('/item') { 204 }
  get('/cached') do
    etag 'v1'
    plain('cached')
  end
  get('/old') { redirect to('/text'), 303 }
  get('/error') { raise 'secret' }
  get('/error/late') { streamed(Material.partial) }
  get('/hang') { streamed(Material.waiting(request.env['rack.errors'], params['case'])) }
  get('/link') { plain(url('/text', false)) }
  get('/large') { plain('large', 200, 'x-large' => Material::LARGE) }
  get('/slow') do
    sleep params['ms'].to_i / 1000.0
    plain('slow')
  end
  # Sinatra answers 404 to a method that a path does not have.
  %i[post put patch delete].each do |method|
    public_send(method, '/text') { plain('method not allowed', 405, 'allow' => 'GET, HEAD') }
  end
end
