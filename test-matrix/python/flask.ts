import { exercises } from './exercises.ts'

export default exercises('flask_exercises:app', 'flask', 'Flask')
