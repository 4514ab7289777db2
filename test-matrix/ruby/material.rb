# What the exercise applications in Ruby send and count: the same for all, so that they differ in their framework alone.
module Material
  HELLO = "Hello, World!\n"
  LARGE = 'a' * 8000
  PAUSE = 0.15
  PIECE = 64 * 1024
  PIECES = 320
  # Bytes of an upload after which it is refused.
  ENOUGH = 256 * 1024

  module_function

  def lines
    Enumerator.new do |body|
      body << "one\n"
      sleep PAUSE
      body << "two\n"
      sleep PAUSE
      body << "three\n"
    end
  end

  def pieces
    Enumerator.new { |body| PIECES.times { |piece| body << (piece % 256).chr * PIECE } }
  end

  def events
    Enumerator.new do |body|
      body << "data: 1\n\n"
      sleep PAUSE
      body << "data: 2\n\n"
    end
  end

  def partial
    Enumerator.new do |body|
      body << 'partial'
      sleep 0.05
      raise 'secret: the body fails'
    end
  end

  # Streams nothing more until the client has left. Without bytes to send, a server looks for that when it is given none. Reports
  # it to the log, where the kit reads it.
  def waiting(errors, kase)
    Waiting.new(errors, kase)
  end

  Waiting = Struct.new(:errors, :kase) do
    def each
      yield 'waiting'
      loop do
        sleep 0.05
        yield ''
      end
    end

    def close
      errors.write("observed #{kase} left\n")
    end

    # A Struct has it, and it would be taken for a body that is whole.
    undef_method :to_a
  end

  def count(input, enough = Float::INFINITY)
    size = 0
    while size < enough && (part = input.read(65_536))
      size += part.bytesize
    end
    size
  end

  # The sum of the bytes of an uploaded file, and what else a form had.
  def uploaded(form)
    texts, files = form.partition { |_, value| value.is_a?(String) }
    file = files[0][1]
    data = file[:tempfile].read
    texts.to_h.merge(filename: file[:filename], size: data.bytesize, sum: data.sum(32))
  end
end
