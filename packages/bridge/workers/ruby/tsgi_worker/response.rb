require_relative 'stream'

module TsgiWorker
  # Raised to whoever still reads or writes when the client has left.
  class ClientGone < IOError; end

  # The response to one request: what the application returned, as frames.
  class Response
    # The blocks of a file: smaller ones cost a frame each.
    FILE_BLOCK = 256 * 1024

    # Whether all of it was sent, and whether the body is closed already.
    attr_reader :ended, :closed

    def initialize(lane, id)
      @lane = lane
      @id = id
      @begun = @ended = @closed = false
    end

    # Sends what the application returned.
    def send(status, headers, body, env)
      @head = head_of(status, headers)
      if body.is_a?(Array)
        finish(@lane.joined(body))
      elsif body.is_a?(String)
        @lane.tolerate('the application returned a String for its body, and Rack wants an Array or what responds to each: ' \
                       'write [text]')
        finish(body)
      elsif body.respond_to?(:to_ary) && @lane.rack3 && (parts = body.to_ary)
        # To make an array of a body closes it (Rack 3, "The Body").
        @closed = true
        finish(@lane.joined(parts))
      elsif env['REQUEST_METHOD'] == 'HEAD'
        finish('')
      elsif body.respond_to?(:to_path) && File.file?(path = body.to_path)
        File.open(path, 'rb') { |file| iterate(blocks_of(file)) }
      elsif body.respond_to?(:each)
        iterate(body)
      elsif body.respond_to?(:call)
        body.call(Stream.new(self, env['rack.input']))
        finish('') unless @ended
      else
        raise TypeError, "the application returned #{body.nil? ? 'nil' : "an object of #{body.class}"} for its body; " \
                         "expected an Array of Strings such as ['Hello'], or what responds to each or call"
      end
    end

    # Sends a piece as soon as there is room, and looks whether the client is still there.
    def write(data)
      data = @lane.bytes(data)
      size = data.bytesize
      if size.zero?
        # It sends nothing, and is how an application that waits looks for its client.
        @lane.look unless @ended
        return
      end
      begin_stream
      at = 0
      while at < size
        part = [@lane.room, size - at].min
        @lane.send(CHUNK, @id, at.zero? && part == size ? data : data.byteslice(at, part))
        @lane.take_room(part)
        at += part
      end
      @lane.flush
      @lane.look
    end

    # The last bytes, or all of them.
    def finish(data)
      if !@begun && data.bytesize <= RESPONSE_WINDOW
        answer(data)
      else
        @head << "\0content-length\0#{data.bytesize}" unless @begun || declared_length
        write(data) unless data.empty?
        @lane.send(FINISH, @id, '')
        @ended = true
      end
    end

    # Sends the head now, whatever the body does.
    def begin_stream
      return if @begun
      @lane.send(HEAD, @id, @head)
      @begun = true
    end

    private

    def iterate(body)
      surplus = false
      body.each do |data|
        data = @lane.bytes(data)
        if @ended
          surplus ||= !data.empty?
        elsif !@begun && !data.empty? && declared_length == data.bytesize
          # It is whole: the client need not wait for the end of the iteration.
          answer(data)
          @lane.flush
        else
          write(data)
        end
        break if surplus
      end
      if surplus
        $stderr.write("the application returned more bytes than its Content-Length says; they were not sent\n")
      elsif !@ended
        finish('')
      end
    end

    def answer(data)
      @lane.send(RESPONSE, @id, [@head.bytesize].pack('V') << @head << data.b)
      @begun = @ended = true
    end

    def blocks_of(file)
      Enumerator.new do |blocks|
        while (block = file.read(FILE_BLOCK))
          blocks << block
        end
      end
    end

    def declared_length
      @head[/\0content-length\0(\d+)(?:\0|\z)/i, 1]&.to_i
    end

    # Status and fields, with NUL between them.
    def head_of(status, headers)
      code = status.to_i if status.is_a?(Integer) || status.to_s.match?(/\A\d{3}\z/)
      raise ArgumentError, "expected a status from 200 to 599, got #{status.inspect}" unless code&.between?(200, 599)
      unless headers.respond_to?(:each)
        raise TypeError, "expected a Hash of header fields, got #{headers.inspect[0, 80]}"
      end
      head = code.to_s.b
      headers.each { |name, value| field(head, name, value) }
      head
    end

    def field(head, name, value)
      case value
      when String then values(head, name, value)
      when Array then value.each { |one| values(head, name, one) }
      else
        return hijack if name == 'rack.hijack'
        @lane.tolerate("expected a String for the value of a header field, got #{value.inspect[0, 80]} for #{name.inspect}")
        values(head, name, value)
      end
    end

    def values(head, name, value)
      name, value = name.to_s, value.to_s
      # What Rack's middleware says to each other.
      return if name.start_with?('rack.')
      # Lines are values of their own in Rack 2, and an error in Rack 3.
      lines = value.include?("\n") && !value.include?("\r") && !@lane.rack3
      return value.split("\n").each { |line| one(head, name, line) } if lines
      one(head, name, value)
    end

    def one(head, name, value)
      if name.match?(/[\0\r\n]/n) || value.b.match?(/[\0\r\n]/n)
        raise ArgumentError, "a header field must not contain CR, LF or NUL; got #{name.inspect} => #{value.inspect}"
      end
      head << "\0" << name.b << "\0" << value.b
    end

    def hijack
      raise ArgumentError, 'the application wants to hijack the connection, which env["rack.hijack?"] says is not possible'
    end
  end
end
