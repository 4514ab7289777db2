require_relative 'backtraces'

module TsgiWorker
  # A sentence for people, instead of a backtrace.
  class LoadFailure < StandardError; end

  # Finds the application that a name leads to.
  module Loading
    # Where Ruby keeps its own files, and a system those that it brings.
    LIBRARIES = %w[rubylibdir rubyarchdir sitedir sitearchdir vendordir vendorarchdir].freeze

    module_function

    # config.ru, or another file that Rack::Builder reads.
    def application(file)
      path = File.expand_path(file)
      raise LoadFailure, "there is no file #{path}." unless File.file?(path)
      require 'rack'
      # Rack::Lint 2.2 uses it without asking for it.
      require 'uri'
      # Rack 2 returns options as well.
      app = Rack::Builder.parse_file(path)
      app = app.first if app.is_a?(Array)
      return app if app.respond_to?(:call)
      raise LoadFailure, "#{file} runs #{app.inspect[0, 80]}, which is no application: expected what responds to call(env)."
    end

    # Files whose change makes another application: not Ruby's own, and not gems.
    def files(app)
      libraries = RbConfig::CONFIG.values_at(*LIBRARIES).compact
      folders = [*libraries, *gem_folders, Backtraces::OURS].map { |folder| File.join(folder, '') }
      all = $LOADED_FEATURES.select { |file| file.start_with?('/') && !file.start_with?(*folders) }
      gemfile = ENV['BUNDLE_GEMFILE']
      [File.expand_path(app), *all, gemfile, gemfile && "#{gemfile}.lock"].compact.uniq.select { |file| File.file?(file) }
    end

    # RubyGems can be switched off, and Bundler may have failed.
    def gem_folders
      return [] unless defined?(Gem)
      Gem.path + (defined?(Bundler) ? [Bundler.bundle_path.to_s] : [])
    rescue StandardError
      Gem.path
    end
  end
end
