import { Client, targetOf } from '@tsgi/faults'
import type { Address } from '@tsgi/spec/server'
import type { SupervisedServer } from '@tsgi/supervisor'

export const APPLICATION = import.meta.resolve('@tsgi/faults/application')

export const cleanups: (() => unknown)[] = []

export function connect(server: SupervisedServer): Client {
  const client = new Client(targetOf(server.addresses[0] as Address))
  cleanups.push(() => client.close())
  return client
}

export async function get(server: SupervisedServer, path: string): Promise<string> {
  const client = connect(server)
  const { body } = await client.get(path, 'connection: close').response()
  client.close()
  return body
}
