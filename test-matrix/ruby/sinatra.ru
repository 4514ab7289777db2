require_relative 'sinatra_exercises'
run SinatraExercises
