import express, { type Express } from 'express'

/** The Express application that both servers of the comparison run. */
export const app: Express = express()
app.get('/', (_, response) => void response.send('Hello, World!'))
