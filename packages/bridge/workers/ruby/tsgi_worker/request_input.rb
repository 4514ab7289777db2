require 'tempfile'

module TsgiWorker
  # rack.input of a request whose body arrives when it is read.
  class RequestInput
    # Bytes that are asked for at once: no fewer, so that short lines do not cost a round each, and no more than fit in memory.
    LEAST_WANT, MOST_WANT = 64 * 1024, 1024 * 1024

    def initialize(lane, id)
      @lane = lane
      @id = id
      @buffer = ''.b
      # Where the buffer has not been read.
      @at = 0
      @ended = false
    end

    # All of the rest without a length; `nil` at the end where there is one.
    def read(length = nil, buffer = nil)
      raise ArgumentError, "negative length #{length} given" if length&.negative?
      nil while (length.nil? || left < length) && more(length ? length - left : MOST_WANT)
      data = take(length || left)
      data = nil if data.empty? && length&.positive?
      return data if buffer.nil?
      buffer.replace(data || ''.b)
      data && buffer
    end

    # A line, with the end of it; `nil` at the end.
    def gets
      searched = @at
      until (at = @buffer.index("\n", searched))
        unread = left
        break unless more(LEAST_WANT)
        # What was read is gone from the buffer.
        searched = unread
      end
      line = take(at ? at + 1 - @at : left)
      line unless line.empty?
    end

    def each
      return to_enum(:each) unless block_given?
      while (line = gets)
        yield line
      end
      self
    end

    def close = nil

    private

    def left = @buffer.bytesize - @at

    def take(length)
      data = @buffer.byteslice(@at, length)
      @at += data.bytesize
      data
    end

    # Adds to the buffer; not at the end.
    def more(wanted)
      return false if @ended
      data = receive(wanted.clamp(LEAST_WANT, MOST_WANT))
      @ended = data.empty?
      @buffer = left.zero? ? data : @buffer.byteslice(@at, left) << data
      @at = 0
      !@ended
    end

    def receive(wanted) = @lane.want(@id, wanted)
  end

  # As Rack 2 demands it: what was read is kept in a file, to be read again.
  class RewindableInput < RequestInput
    def rewind
      @buffer = ''.b
      @at = @reread = 0
      @ended = false
      0
    end

    # After the response.
    def release = @kept&.close

    private

    def receive(wanted)
      if @kept && @reread < @kept.size
        data = @kept.pread(wanted, @reread)
      else
        return ''.b if @all_kept
        data = super
        @all_kept = data.empty?
        # In a folder of the system, and without a name there.
        @kept ||= Tempfile.create('tsgi-body', binmode: true).tap { |file| File.unlink(file.path) }
        @kept.syswrite(data) unless data.empty?
      end
      @reread = (@reread || 0) + data.bytesize
      data
    end
  end
end
