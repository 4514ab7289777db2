import app from '../apps/express.ts'
import { listening } from './listening.ts'

export const listen = (): Promise<number> => listening(app.listen(0, '127.0.0.1'))
