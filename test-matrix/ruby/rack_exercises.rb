# The exercises as Rack has them, without a framework, under the checks of Rack::Lint.
require 'json'
require 'rack'
require_relative 'material'

module RackExercises
  TEXT = 'text/plain; charset=utf-8'
  BYTES = 'application/octet-stream'

  class << self
    def text(content, status = 200, **fields)
      body = content.b
      [status, { 'content-type' => TEXT, 'content-length' => body.bytesize.to_s, **fields.transform_keys(&:to_s) }, [body]]
    end

    def json(value) = [200, { 'content-type' => 'application/json' }, [JSON.generate(value)]]
    def streamed(body, kind = TEXT) = [200, { 'content-type' => kind }, body]
    def query(env) = Rack::Utils.parse_query(env['QUERY_STRING'])
    def form(env) = Rack::Request.new(env).POST

    def cookies
      values = %w[a=1 b=2]
      text('set', 'set-cookie': Rack.release.to_i >= 3 ? values : values.join("\n"))
    end

    def refuse(env)
      Material.count(env['rack.input'], Material::ENOUGH)
      text('too large', 413)
    end

    def cached(env)
      return [304, { 'etag' => '"v1"' }, []] if env['HTTP_IF_NONE_MATCH'] == '"v1"'
      text('cached', etag: '"v1"')
    end

    def slow(env)
      sleep query(env)['ms'].to_i / 1000.0
      text('slow')
    end

    def call(env)
      method = env['REQUEST_METHOD']
      path = env['PATH_INFO']
      view = VIEWS["#{method == 'HEAD' ? 'GET' : method} #{path}"]
      return view.call(env) if view
      return text("Hello, #{Rack::Utils.unescape_path(path.delete_prefix('/greet/'))}!") if path.start_with?('/greet/')
      return text('method not allowed', 405, allow: 'GET, HEAD') if path == '/text'
      text('not found', 404)
    end
  end

  VIEWS = {
    'GET /text' => ->(_) { text(Material::HELLO) },
    'GET /json' => ->(_) { json(message: 'Hello, World!') },
    'GET /query' => ->(env) { json(q: query(env)['q']) },
    'GET /query/all' => ->(env) { json(Array(query(env)['tag'])) },
    'GET /field' => ->(env) { json(value: env['HTTP_X_TAG']) },
    'GET /cookies' => ->(env) { json(Rack::Request.new(env).cookies) },
    'GET /cookies/set' => ->(_) { cookies },
    'POST /form' => ->(env) { json(form(env)) },
    'POST /multipart' => ->(env) { json(Material.uploaded(form(env))) },
    'POST /upload' => ->(env) { json(bytes: Material.count(env['rack.input'])) },
    'POST /refuse' => ->(env) { refuse(env) },
    'POST /early' => ->(_) { text('no', 403) },
    'POST /echo' => ->(env) { streamed([env['rack.input'].read], BYTES) },
    'GET /stream' => ->(_) { streamed(Material.lines) },
    'GET /download' => ->(_) { streamed(Material.pieces, BYTES) },
    'GET /events' => ->(_) { streamed(Material.events, 'text/event-stream') },
    'DELETE /item' => ->(_) { [204, {}, []] },
    'GET /cached' => ->(env) { cached(env) },
    'GET /old' => ->(env) { text('', 303, location: "#{env['SCRIPT_NAME']}/text") },
    'GET /error' => ->(_) { raise 'secret' },
    'GET /error/late' => ->(_) { streamed(Material.partial) },
    'GET /hang' => ->(env) { streamed(Material.waiting(env['rack.errors'], query(env)['case'])) },
    'GET /link' => ->(env) { text("#{env['SCRIPT_NAME']}/text") },
    'GET /large' => ->(_) { text('large', 'x-large': Material::LARGE) },
    'GET /slow' => ->(env) { slow(env) },
  }.freeze
end
