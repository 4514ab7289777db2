require 'json'
require 'socket'
require 'io/wait'
require_relative 'backtraces'
require_relative 'frames'
require_relative 'lane'
require_relative 'loading'
require_relative 'orphan_watch'

# From the command line to lanes that answer, and to the end.
module TsgiWorker
  # After standard input, output and error.
  FIRST_LANE = 3

  STACK_SIGNAL = 'USR1'

  # Seen by all forks of the application (Process._fork, Ruby 3.1).
  module LanesStayWithParent
    def _fork
      super.tap { |pid| TsgiWorker.lanes.each(&:leave_to_parent) if pid == 0 }
    end
  end

  class << self
    def lanes = @lanes || []

    def start(app, settings_text, bundle_error)
      settings = JSON.parse(settings_text)
      count = settings['lanes']
      watch = OrphanWatch.new(FIRST_LANE)
      (FIRST_LANE...FIRST_LANE + count).each { |number| IO.for_fd(number, autoclose: false).close_on_exec = true }
      trap(STACK_SIGNAL) { $stderr.write(Backtraces.of_threads) }
      $stdout.sync = $stderr.sync = true

      application = load(app, settings, bundle_error)
      rack3 = Rack.release.to_i >= 3
      environs = Array.new(8) { |flags| base_environ(flags << 1, settings) }
      @lanes = Array.new(count) { |n| Lane.new(FIRST_LANE + n, application, environs, strict: settings['strict'], rack3: rack3) }
      Process.singleton_class.prepend(LanesStayWithParent)
      lanes[0].announce(JSON.generate(pid: Process.pid, version: RUBY_VERSION, files: Loading.files(app)))
      watch.grace = OrphanWatch::GRACE

      threads = lanes.drop(1).map.with_index(1) { |lane, n| Thread.new { lane.run }.tap { |thread| thread.name = "lane-#{n}" } }
      lanes[0].run
      threads.each(&:join)
      name_left_behind(app)
    end

    private

    def load(app, settings, bundle_error)
      if settings['protocol'] != PROTOCOL_VERSION
        fail_with("this worker speaks version #{PROTOCOL_VERSION} of the protocol, got #{settings['protocol']}.", [])
      end
      # Without Bundler itself, the file that is missing says what to install.
      raise bundle_error if bundle_error.is_a?(LoadError)
      raise LoadFailure, "#{ENV['BUNDLE_GEMFILE']}: #{bundle_error.message.strip}\nRun: bundle install" if bundle_error
      application = Loading.application(app)
      settings['strict'] ? Rack::Lint.new(application) : application
    rescue LoadFailure => error
      fail_with(error.message, Loading.files(app))
    rescue Exception => error
      # The file that failed is not among those loaded, but the backtrace names it.
      missing = error.is_a?(LoadError) ? error.path : nil
      fail_with(Backtraces.text_of(error), Loading.files(app) | Backtraces.files_of(error), missing)
    end

    # What all requests with these flags have in common.
    def base_environ(flags, settings)
      {
        'SERVER_SOFTWARE' => settings['software'],
        'rack.version' => [1, 6],
        'rack.url_scheme' => flags & HTTPS == 0 ? 'http' : 'https',
        'rack.multithread' => settings['lanes'] > 1,
        'rack.multiprocess' => flags & MULTIPROCESS != 0,
        'rack.run_once' => flags & RUN_ONCE != 0,
        'rack.hijack?' => false,
      }
    end

    def fail_with(text, files, missing = nil)
      report = JSON.generate(error: text.chomp, files: files, missing: missing)
      UNIXSocket.for_fd(FIRST_LANE).write(TsgiWorker.frame(FAILED, 0, report))
      # Threads that the application started are not waited for.
      exit!(3)
    end

    # Threads end with the process, in the middle of what they do.
    def name_left_behind(app)
      files = Loading.files(app)
      left = Thread.list.select { |thread| thread != Thread.current && files.any? { |file| thread.inspect.include?("#{file}:") } }
      return if left.empty?
      names = left.map { |thread| thread.name || thread.inspect[/[^ ]+:\d+/] }
      $stderr.write("the application left threads behind, which end with the process: #{names.join(', ')}\n")
    end
  end
end
