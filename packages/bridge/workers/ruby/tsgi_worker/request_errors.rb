module TsgiWorker
  # rack.errors: the log of the server. Belongs to a lane; a thread that the application left behind writes to standard error,
  # which is logged as well.
  class RequestErrors
    def initialize(lane)
      @lane = lane
      @rest = +''
    end

    def write(*parts)
      text = TsgiWorker.utf8(parts.join)
      return $stderr.write(text) unless @lane.at_work?
      @rest << text
      flush if text.end_with?("\n")
      text.bytesize
    end

    def puts(*lines)
      lines = [''] if lines.empty?
      write(lines.flatten.map { |line| line.to_s.end_with?("\n") ? line : "#{line}\n" }.join)
      nil
    end

    def print(*parts)
      write(*parts)
      nil
    end

    def <<(text)
      write(text)
      self
    end

    def flush
      return self if @rest.empty? || !@lane.at_work?
      text, @rest = @rest, +''
      @lane.log(text)
      self
    end

    def sync = true
    def sync=(value)
      value
    end

    # Logger takes what cannot be closed for the name of a file.
    def close = nil
  end
end
