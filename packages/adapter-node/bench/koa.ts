import Koa from 'koa'

/** The Koa application that both servers of the comparison run. */
export const app = new Koa()
app.use((context) => {
  context.body = 'Hello, World!'
})
