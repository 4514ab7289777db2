# Runs a Rack application for @tsgi/bridge (PROTOCOL.md): ruby workers/ruby/main.rb APPLICATION SETTINGS

# Who serves decides when this process ends; a terminal and a service manager signal all of a group. Not IGNORE, which programs
# that the application runs would inherit.
%w[INT TERM HUP].each { |signal| trap(signal) {} }

# Before anything else: Bundler refuses gems of the Gemfile that are loaded in another version, and those of the standard
# library count.
begin
  require 'bundler/setup' unless ENV.fetch('BUNDLE_GEMFILE', '').empty?
rescue Exception => error
  bundle_error = error
end

require_relative 'tsgi_worker/start'
TsgiWorker.start(*ARGV.shift(2), bundle_error)
