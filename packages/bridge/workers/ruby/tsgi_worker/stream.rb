module TsgiWorker
  # What a streaming body is called with (Rack 3, "Streaming Body"). It lives as long as the call.
  class Stream
    def initialize(response, input)
      @response = response
      @input = input
      @thread = Thread.current
      @closed = @closed_read = false
    end

    def read(...) = @closed_read ? nil : @input.read(...)

    def write(*parts)
      raise IOError, 'not opened for writing: the stream was closed' if closed?
      raise ThreadError, 'the stream of a body is written by the thread that it was called in' if @thread != Thread.current
      parts.sum do |part|
        part = part.to_s
        @response.write(part)
        part.bytesize
      end
    end

    def <<(part)
      write(part)
      self
    end

    # Each piece is sent when it is written; without one, this sends the head.
    def flush
      @response.begin_stream unless closed?
      self
    end

    def close_read
      @closed_read = true
      nil
    end

    def close_write
      @closed = true
      @response.finish('') unless @response.ended
      nil
    end

    def close
      close_read
      close_write
    end

    def closed? = @closed || @response.ended
  end
end
