require 'rack/lint'
require_relative 'rack_exercises'
use Rack::Lint
run RackExercises
