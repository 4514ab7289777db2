require 'socket'
require 'stringio'
require_relative 'backtraces'
require_relative 'frames'
require_relative 'request_errors'
require_relative 'request_input'
require_relative 'response'

module TsgiWorker
  # The other side has closed the lane. Not a StandardError, so that no application swallows it.
  class PeerGone < Exception; end

  # A lane: a socket and the thread that answers what arrives on it, in order. The thread itself reads frames whenever it waits
  # for something, so nothing is handed from one thread to another and nothing needs a lock.
  class Lane
    RECEIVE_SIZE = 64 * 1024

    # Keys of an environ, each once: looking each up costs less than having the Hash keep a copy (3.1 instead of 3.9
    # microseconds a request). Capped, since clients make names up.
    KEYS = Hash.new { |keys, key| keys.size < 1024 ? keys[-key] = -key : key }

    # Whether the application brought Rack 3 or later.
    attr_reader :rack3

    # environs: what requests have in common, by their flags without the first
    def initialize(descriptor, app, environs, strict:, rack3:)
      @socket = UNIXSocket.for_fd(descriptor)
      # A program that the application runs would hold it open.
      @socket.close_on_exec = true
      @app = app
      @errors = RequestErrors.new(self)
      @environs = environs.map { |environ| environ.merge('rack.errors' => @errors) }
      @strict = strict
      @rack3 = rack3
      @pid = Process.pid
      # The request at work; 0 is none.
      @current = 0
      @out = ''.b
      @rest = nil
      @requests = []
      @body = []
      @cancelled = {}
      @client_gone = @stopping = false
      @window = 0
      @noted = {}
    end

    # What the worker does with it.

    # Answers requests until it is told to stop, or until nobody is there to ask.
    def run
      @thread = Thread.current
      whole = false
      until @stopping && @requests.empty?
        receive if @requests.empty?
        while (id, buffer, start, stop = @requests.shift)
          # Each request is ended, so that both sides count alike.
          @cancelled.delete(id) ? send(FINISH, id, '') : answer(id, buffer, start, stop)
          flush
        end
      end
      whole = true
    rescue PeerGone, Errno::EPIPE, Errno::ECONNRESET
      whole = true
    ensure
      # A handler may end its thread, and nobody would answer on this lane any more.
      unless whole
        $stderr.write("a handler ended its thread\n")
        exit!(1)
      end
    end

    # What was sent is READY.
    def announce(payload)
      send(READY, 0, payload)
      flush
    end

    # In a child that the application forked: the lane is its parent's.
    def leave_to_parent
      @socket.close
      @forked = true
    end

    # Whether this thread answers a request.
    def at_work? = @current != 0 && @thread == Thread.current

    # What requests, their input and their responses do with it.

    def send(kind, id, payload)
      @out << [payload.bytesize, id, kind].pack(HEADER) << (payload.encoding == Encoding::BINARY ? payload : payload.b)
    end

    def flush
      return if @out.empty?
      require_parent if @forked
      @socket.write(@out)
      # Not emptied but left: a large one would be kept.
      @out = ''.b
    end

    def log(text)
      send(LOG, @current, text)
      # What comes next may be the end of this process.
      flush
    end

    # Bytes of the body of the request at work; none at its end.
    def want(id, size)
      raise IOError, 'rack.input was read after the response had ended' unless id == @current && @thread == Thread.current
      send(WANT, id, [size].pack('V'))
      flush
      while @body.empty?
        require_client
        receive
      end
      data = @body.shift
      raise data if data.is_a?(Exception)
      data
    end

    # How many bytes of the response may be sent; waits until there are some.
    def room
      while @window <= 0
        flush
        require_client
        receive
      end
      @window
    end

    def take_room(size)
      @window -= size
    end

    # Raises where the client has left meanwhile.
    def look
      require_parent if @forked
      data = @socket.read_nonblock(RECEIVE_SIZE, exception: false)
      take_all(data) unless data == :wait_readable
      require_client
    end

    # A piece of a body.
    def bytes(data)
      return data.encoding == Encoding::BINARY ? data : data.b if data.is_a?(String)
      raise TypeError, "expected Strings in the body, got #{data.class}: #{data.inspect[0, 80]}"
    end

    def joined(parts)
      parts.size == 1 ? bytes(parts[0]) : parts.map { |part| bytes(part) }.join
    end

    # Where an application breaks Rack's rules as textbooks do. Said once.
    def tolerate(text)
      raise TypeError, text if @strict
      return if @noted[text]
      @noted[text] = true if @noted.size < 100
      @errors.write("#{text} (said once)\n")
    end

    private

    def answer(id, buffer, start, stop)
      @current = id
      @client_gone = false
      @window = RESPONSE_WINDOW
      @body.clear
      env = environ(id, buffer, start, stop)
      response = Response.new(self, id)
      status = headers = body = failure = nil
      begin
        status, headers, body = @app.call(env)
        response.send(status, headers, body, env)
        @errors.flush
        # The answer leaves before close, which may take its time.
        flush
      rescue Exception => error
        failure = error
      end
      afterwards('close of the response') { body.close } if !response.closed && body.respond_to?(:close)
      raise failure if failure.is_a?(PeerGone)
      failed(id, response, failure) if failure
      finished(env, status, headers, failure)
      @errors.flush
      @current = 0
    end

    def environ(id, buffer, start, stop)
      flags, length = buffer.unpack('CV', offset: start)
      start += 5
      env = @environs[flags >> 1].dup
      words = buffer.byteslice(start, length).split("\0", -1)
      at = 0
      while at < words.size
        env[KEYS[words[at]]] = words[at + 1]
        at += 2
      end
      env['HTTP_VERSION'] = env['SERVER_PROTOCOL']
      start += length
      env['rack.input'] =
        if flags & BODY_FOLLOWS == 0
          StringIO.new(buffer.byteslice(start, stop - start))
        else
          (@rack3 ? RequestInput : RewindableInput).new(self, id)
        end
      env['rack.after_reply'] = []
      env['rack.response_finished'] = []
      env
    end

    def failed(id, response, error)
      # A child of the application ends as it says.
      exit!(error.status) if @forked && error.is_a?(SystemExit)
      @errors.flush
      if @client_gone
        send(FINISH, id, '') unless response.ended
      elsif response.ended
        $stderr.write("after the response was complete:\n#{Backtraces.text_of(error)}")
      else
        send(ERROR, id, Backtraces.text_of(error))
      end
      flush
    end

    # What the application wants to be called when its response is complete.
    def finished(env, status, headers, error)
      env['rack.response_finished'].reverse_each do |callable|
        afterwards('rack.response_finished') { callable.call(env, status, headers, error) }
      end
      env['rack.after_reply'].each { |callable| afterwards('rack.after_reply') { callable.call } }
      input = env['rack.input']
      input.release if input.is_a?(RewindableInput)
    end

    def afterwards(what)
      yield
    rescue PeerGone
      raise
    rescue Exception => error
      @errors.write("#{what} failed:\n#{Backtraces.text_of(error)}")
    end

    # Frames that arrive.

    def require_client
      raise ClientGone, 'the client has left' if @client_gone
    end

    def require_parent
      $stderr.write("the application forked, and the child returned from its handler; the child ends here\n")
      exit!(1)
    end

    # Waits for something, and takes all that has arrived.
    def receive
      require_parent if @forked
      take_all(@socket.readpartial(RECEIVE_SIZE))
    rescue EOFError
      raise PeerGone
    end

    def take_all(data)
      raise PeerGone if data.nil?
      buffer = @rest ? @rest << data : data
      at, size = 0, buffer.bytesize
      while size - at >= HEADER_SIZE
        length, id, kind = buffer.unpack(HEADER, offset: at)
        stop = at + HEADER_SIZE + length
        # The rest of a frame that has begun to arrive, in one go: a piece at a time would copy it each time.
        if stop > size
          missing = @socket.read(stop - size)
          raise PeerGone if missing.nil? || missing.bytesize < stop - size
          buffer << missing
          size = stop
        end
        take(kind, id, buffer, at + HEADER_SIZE, stop)
        at = stop
      end
      @rest = at < size ? buffer.byteslice(at, size - at) : nil
    end

    def take(kind, id, buffer, start, stop)
      if kind == REQUEST
        @requests << [id, buffer, start, stop]
      elsif kind == STOP
        @stopping = true
      elsif kind == CANCEL && id != @current
        @cancelled[id] = true
      elsif id == @current
        case kind
        when DATA then @body << buffer.byteslice(start, stop - start)
        when WINDOW then @window += buffer.unpack1('V', offset: start)
        when CANCEL then @client_gone = true
        when FAIL then @body << IOError.new(TsgiWorker.utf8(buffer.byteslice(start, stop - start)))
        end
      end
    end
  end
end
