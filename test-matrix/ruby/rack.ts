import { exercises } from './exercises.ts'

export default exercises('rack.ru', 'rack')
