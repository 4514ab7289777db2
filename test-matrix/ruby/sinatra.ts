import { exercises } from './exercises.ts'

export default exercises('sinatra.ru', 'sinatra')
