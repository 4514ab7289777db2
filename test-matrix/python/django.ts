import { exercises } from './exercises.ts'

export default exercises('django_exercises:application', 'django', 'Django')
