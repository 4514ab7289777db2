# Frames (PROTOCOL.md): u32 length, u32 id, u8 kind, little-endian, then the payload.
module TsgiWorker
  PROTOCOL_VERSION = 1

  # To a worker.
  REQUEST, DATA, FAIL, CANCEL, WINDOW, STOP = 1, 2, 3, 4, 5, 6
  # From a worker.
  RESPONSE, HEAD, CHUNK, FINISH, ERROR, WANT, LOG, READY, FAILED = 16, 17, 18, 19, 20, 21, 22, 23, 24

  HEADER = 'VVC'
  HEADER_SIZE = 9

  # Flags of a REQUEST.
  BODY_FOLLOWS, MULTIPROCESS, RUN_ONCE, HTTPS = 1, 2, 4, 8

  # Bytes of a response that may be sent before the other side grants more.
  RESPONSE_WINDOW = 256 * 1024

  def self.frame(kind, id, payload = '')
    [payload.bytesize, id, kind].pack(HEADER) << payload.b
  end

  # Any text as UTF-8.
  def self.utf8(text)
    text = text.encode(Encoding::UTF_8, invalid: :replace, undef: :replace) unless text.encoding == Encoding::BINARY
    text.dup.force_encoding(Encoding::UTF_8).scrub
  end
end
