module TsgiWorker
  # Ends this process when the one that started it has gone, whatever the application does meanwhile. It watches a lane from a
  # thread of its own: the others may be loading the application, or in a handler that never returns.
  class OrphanWatch
    # For requests that are being answered and for what the application does at its exit, in seconds.
    GRACE = 2

    # Where the system does not report a hang-up by itself (macOS), the parent's number is looked at this often, in seconds.
    INTERVAL = 2

    attr_writer :grace

    def initialize(descriptor)
      @grace = 0
      # Not by closing: the descriptor belongs to the lane.
      @lane = IO.for_fd(descriptor, autoclose: false)
      @parent = Process.ppid
      Thread.new { run }.name = 'tsgi-orphan-watch'
    end

    private

    def run
      # Asked for urgent data alone, of which there is none, the system reports hang-ups unasked: then this is false, and nil
      # when the time is over.
      nil while @lane.wait(IO::PRIORITY, INTERVAL).nil? && Process.ppid == @parent
      sleep @grace
      exit!(1)
    end
  end
end
