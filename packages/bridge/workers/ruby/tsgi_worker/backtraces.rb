module TsgiWorker
  # Backtraces as the application's author wants them: how the worker got there is of no use to anybody.
  module Backtraces
    OURS = File.join(File.expand_path('..', __dir__), '')
    # What stands between the worker and the application's own lines while it is loaded.
    LOADING = %r{\A<internal:|/rack/builder\.rb:|/rubygems/core_ext/|/bundled_gems\.rb:}

    module_function

    # An error as Ruby itself would write it, without the worker's own lines: the error first, then where it was raised.
    def text_of(error)
      text = +''
      seen = []
      while error && !seen.include?(error)
        seen << error
        text << one(error)
        error = error.cause
      end
      text
    end

    def of_threads
      Thread.list.filter_map do |thread|
        lines = own(thread.backtrace || [])
        "#{thread.inspect}\n#{lines.map { |line| "\tfrom #{line}\n" }.join}" unless lines.empty?
      end.join
    end

    # The files that an error leads through, and the file of a syntax error.
    def files_of(error)
      places = (error.backtrace || []) + (error.is_a?(SyntaxError) ? error.message.lines : [])
      places.filter_map { |place| place[/\A(\/[^:]+):\d+/, 1] }.uniq.select { |file| File.file?(file) }
    end

    def own(lines)
      lines.reject { |line| line.start_with?(OURS) || LOADING.match?(line) }
    end

    def one(error)
      lines = own(error.backtrace || [])
      # The message of a syntax error says where.
      place = error.is_a?(SyntaxError) || lines.empty? ? '' : "#{lines.shift}: "
      "#{place}#{TsgiWorker.utf8(title(error))}\n#{lines.map { |line| "\tfrom #{TsgiWorker.utf8(line)}\n" }.join}"
    end

    # The message with the name of the class, which stands at the end of its first line.
    def title(error)
      return error.detailed_message(highlight: false) if error.respond_to?(:detailed_message)
      first, rest = error.message.split("\n", 2)
      "#{first} (#{error.class})#{"\n#{rest}" if rest}"
    rescue StandardError
      "(#{error.class})"
    end
  end
end
