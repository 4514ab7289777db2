/** express-ws as its README has it. */
import express from 'express'
import expressWs from 'express-ws'

const { app } = expressWs(express())
app.get('/', (_request, response) => void response.send('page'))
app.ws('/chat', (socket) => {
  socket.on('message', (data: Buffer) => socket.send(String(data)))
})
app.listen(3000)
