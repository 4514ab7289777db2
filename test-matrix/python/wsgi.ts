import { exercises } from './exercises.ts'

export default exercises('wsgi_exercises:application', 'wsgiref', '')
