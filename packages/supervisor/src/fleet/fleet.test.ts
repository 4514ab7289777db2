import { describe, expect, it } from 'vitest'
import { type Figures, NO_FIGURES } from '../channel/messages.ts'
import { DRAIN_MARGIN, HURRY, LAST_WORDS, SHUTDOWN_MARGIN } from './orders.ts'
import { PLAN, World, type SimulatedProcess } from '../../test/fleet-world.ts'

const FAILURE = { code: 'TSGI_ERR_APP_LOAD', message: 'no such module' } as const

const leave = (world: World, orderly: boolean): void =>
  world.say(world.worker(1).id, { type: 'leaving', reason: 'had its reason', orderly })
const beat = (world: World, figures: Partial<Figures>): void =>
  world.say(world.worker(1).id, { type: 'beat', figures: { ...NO_FIGURES, ...figures } })

function booting(): (process: SimulatedProcess) => void {
  return () => {}
}

describe('the first generation', () => {
  it('is let in when all its workers have loaded, and not before', () => {
    const world = new World()
    world.onSpawn = booting()
    world.start()
    expect(world.in('booting')).toEqual(['0/1', '1/1'])
    world.say(1, { type: 'loaded' })
    expect(world.worker(0, 1).told).toEqual([])
    expect(world.started).toBe(false)
    world.say(2, { type: 'loaded' })
    expect(world.in('accepting')).toEqual(['0/1', '1/1'])
    expect(world.started).toBe(true)
  })

  it('is not started while a worker has not opened its sockets', () => {
    const world = new World()
    world.obedient = false
    world.start()
    world.say(1, { type: 'accepting' })
    expect(world.started).toBe(false)
    world.say(2, { type: 'accepting' })
    expect(world.started).toBe(true)
  })

  it('fails as a whole, with the cause, when one worker cannot load', () => {
    const world = new World()
    world.onSpawn = booting()
    world.start()
    world.fail(1, FAILURE)
    expect(world.ended).toEqual({ cutOff: 0, failure: FAILURE })
    expect(world.processes.size).toBe(0)
    expect(world.started).toBe(false)
  })

  it('fails when a worker exits without a word', () => {
    const world = new World()
    world.onSpawn = booting()
    world.start()
    world.exit(2, 1)
    expect(world.ended?.failure).toEqual({ code: 'TSGI_ERR_STARTUP', message: 'a worker exited with code 1' })
  })

  it('fails when a worker is not ready in time', () => {
    const world = new World()
    world.onSpawn = booting()
    world.start()
    world.say(1, { type: 'loaded' })
    world.pass(29_999)
    expect(world.ended).toBeNull()
    world.pass(1)
    expect(world.ended?.failure?.message).toContain('not ready within 30 s')
  })

  it('fails when a socket cannot be opened', () => {
    const world = new World()
    world.obedient = false
    world.start()
    const failure = { code: 'TSGI_ERR_BIND', message: 'in use' } as const
    world.say(1, { type: 'accepting' })
    world.fail(2, failure)
    expect(world.ended).toEqual({ cutOff: 0, failure })
    // Whoever asked for the start is told; nobody is started in its place.
    expect(world.log).toEqual([])
  })

  it('fails when a process cannot be started at all', () => {
    const world = new World()
    world.noSpawn = 'EAGAIN'
    world.start()
    expect(world.ended?.failure?.message).toContain('EAGAIN')
  })
})

describe('a worker that ends', () => {
  it('is replaced at once', () => {
    const world = new World().start()
    world.exit(1, null, 'SIGKILL')
    expect(world.in('accepting')).toEqual(['1/1', '0/1'])
    expect(world.log).toEqual(['error: worker 1 (pid 1001) was ended by SIGKILL; another is started'])
    expect(world.fleet.restarts).toBe(1)
  })

  it('is replaced ever later while it goes on ending, up to a limit, and at once again after a good while', () => {
    const world = new World({ shape: { kind: 'slots', workers: 1, maxRequests: 0, maxRequestsJitter: 0, maxRss: 0 } })
    world.start()
    const waits: number[] = []
    for (let round = 0; round < 12; round++) {
      world.exit(world.worker(0).id, 1)
      const from = world.now
      while (world.processes.size === 0) world.pass(1)
      waits.push(world.now - from)
    }
    expect(waits).toEqual([0, 100, 200, 400, 800, 1600, 3200, 6400, 10000, 10000, 10000, 10000])
    world.pass(10_000)
    world.exit(world.worker(0).id, 1)
    expect(world.processes.size).toBe(1)
  })

  it('spreads the waits', () => {
    for (const [random, wait] of [
      [0, 75],
      [0.999, 125],
    ] as const) {
      const world = new World({}, () => random).start()
      world.exit(1, 1)
      world.exit(world.worker(0).id, 1)
      world.pass(wait - 1)
      expect(world.processes.size).toBe(1)
      world.pass(1)
      expect(world.processes.size).toBe(2)
    }
  })

  it('that cannot load any more backs off too, while the others serve', () => {
    const world = new World().start()
    world.onSpawn = ({ id }) => world.fail(id, FAILURE)
    world.exit(1, null, 'SIGSEGV')
    world.pass(60_000)
    expect(world.in('accepting')).toEqual(['1/1'])
    expect(world.fleet.restarts).toBeGreaterThan(5)
    expect(world.fleet.restarts).toBeLessThan(20)
    expect(world.log.at(-1)).toContain('no such module')
  })

  it('that is never ready is killed at the boot timeout', () => {
    const world = new World().start()
    world.onSpawn = booting()
    world.exit(1, null, 'SIGKILL')
    expect(world.in('booting')).toEqual(['0/1'])
    world.pass(30_000)
    expect(world.log.at(-1)).toContain('not ready within 30 s')
    expect(world.fleet.restarts).toBe(2)
  })

  it('in doubt of itself drains and is replaced meanwhile', () => {
    const world = new World().start()
    world.worker(0).stuck = true
    world.say(1, { type: 'leaving', reason: 'had an uncaught exception', orderly: false })
    expect(world.in('draining')).toEqual(['0/1'])
    expect(world.in('accepting')).toEqual(['1/1', '0/1'])
    expect(world.fleet.ends.map((end) => end.reason)).toEqual(['had an uncaught exception'])
  })

  it('on a signal of somebody else is replaced without blame', () => {
    const world = new World().start()
    world.say(1, { type: 'leaving', reason: 'was told by SIGTERM', orderly: true })
    expect(world.in('accepting')).toEqual(['1/1', '0/1'])
    expect(world.fleet.restarts).toBe(0)
  })

  it.each([
    ['after an uncaught exception', (world: World) => leave(world, false)],
    ['on a signal of its own', (world: World) => leave(world, true)],
    ['at a reload', (world: World) => world.send({ type: 'reload', ticket: 1 })],
    ['when the fleet is scaled down', (world: World) => world.send({ type: 'scale', to: 1 })],
    ['after its last request', (world: World) => beat(world, { requests: 10 })],
    ['over its memory', (world: World) => beat(world, { rss: 2 ** 31 })],
  ])('that leaves %s has the grace of the plan for idle connections', (_why, go) => {
    const world = new World({
      shape: { kind: 'slots', workers: 2, maxRequests: 10, maxRequestsJitter: 0, maxRss: 2 ** 30 },
    }).start()
    world.worker(1).stuck = true
    go(world)
    expect(world.graces).not.toEqual([])
    for (const grace of world.graces) expect(grace).toEqual({ graceful: PLAN.graceful, idleGrace: PLAN.idleGrace })
  })

  it('leaves no back-off to the next generation', () => {
    const world = new World().start()
    for (let round = 0; round < 6; round++) {
      world.exit(world.worker(0).id, 1)
      world.pass(round < 5 ? 5_000 : 0)
    }
    expect(world.in('accepting')).toEqual(['1/1'])
    world.send({ type: 'reload', ticket: 1 })
    expect(world.in('accepting')).toEqual(['0/2', '1/2'])
    world.exit(world.worker(0).id, 1)
    expect(world.in('accepting')).toEqual(['1/2', '0/2'])
  })
})

describe('silence', () => {
  it('ends a worker after the worker timeout', () => {
    const world = new World().start()
    world.worker(0).stuck = true
    world.pass(30_000)
    expect(world.in('accepting')).toEqual(['0/1', '1/1'])
    world.pass(2)
    expect(world.in('accepting')).toEqual(['1/1', '0/1'])
    expect(world.log.at(-1)).toContain('no sign of life for 30 s')
    // It may say where it hangs, and is gone in a moment.
    expect(world.processes.get(1)?.told.at(-1)).toBe('interrogate')
    world.pass(LAST_WORDS)
    expect(world.processes.has(1)).toBe(false)
  })

  it('while the supervisor was suspended is nobody’s fault', () => {
    const world = new World().start()
    // Time passes for all, yet nothing is heard: their words are unread when the first tick comes.
    world.now += 3_600_000
    world.send({ type: 'tick' })
    world.pass(100)
    expect(world.log).toEqual([])
    expect(world.fleet.restarts).toBe(0)
  })

  it('still ends a worker that was hung before the supervisor was suspended', () => {
    const world = new World().start()
    world.worker(0).stuck = true
    world.now += 3_600_000
    world.pass(32_000)
    expect(world.fleet.ends.map((end) => end.slot)).toEqual([0])
  })

  it('is not minded where the timeout is 0', () => {
    const world = new World({ workerTimeout: 0 }).start()
    world.worker(0).stuck = true
    world.pass(3_600_000)
    expect(world.fleet.restarts).toBe(0)
  })

  it('is not minded while loading', () => {
    const world = new World({ bootTimeout: 120_000 })
    world.onSpawn = (process) => (process.stuck = true)
    world.start()
    world.pass(100_000)
    expect(world.in('booting')).toEqual(['0/1', '1/1'])
  })

  it('in a draining worker ends it before its time', () => {
    const world = new World({ graceful: 300_000 }).start()
    world.worker(0).stuck = true
    world.send({ type: 'reload', ticket: 1 })
    expect(world.in('draining')).toEqual(['0/1'])
    world.pass(31_000)
    expect(world.in('draining')).toEqual([])
  })
})

describe('a queue whose worker is away', () => {
  it('is served by the others until a worker of its own is back', () => {
    const world = new World().start()
    world.onSpawn = booting()
    world.exit(1, null, 'SIGKILL')
    expect(world.worker(1).told).toEqual(['accept', 'cover 0'])
    world.say(3, { type: 'loaded' })
    expect(world.worker(1).told).toEqual(['accept', 'cover 0', 'uncover 0'])
  })

  it('is served by the others when its worker has been silent for half the timeout', () => {
    const world = new World().start()
    world.worker(0).stuck = true
    world.pass(16_000)
    expect(world.worker(1).told).toEqual(['accept', 'cover 0'])
    world.worker(0).stuck = false
    world.pass(1_000)
    expect(world.worker(1).told).toEqual(['accept', 'cover 0', 'uncover 0'])
    expect(world.fleet.restarts).toBe(0)
  })

  it('is not touched while a new generation takes over', () => {
    const world = new World().start()
    world.send({ type: 'reload', ticket: 1 })
    expect(world.worker(0).told).toEqual(['accept'])
    expect(world.worker(1).told).toEqual(['accept'])
  })

  it('of a slot that was given up is served for good, by later generations too', () => {
    const world = new World({ shape: { kind: 'slots', workers: 3, maxRequests: 0, maxRequestsJitter: 0, maxRss: 0 } })
    world.start()
    world.send({ type: 'scale', to: 2 })
    expect(world.in('accepting')).toEqual(['0/1', '1/1'])
    expect(world.worker(0).told).toEqual(['accept', 'cover 2'])
    world.send({ type: 'reload', ticket: 1 })
    expect(world.worker(0).told).toEqual(['accept', 'cover 2'])
    world.send({ type: 'scale', to: 3 })
    expect(world.worker(0).told).toEqual(['accept', 'cover 2', 'uncover 2'])
    expect(world.in('accepting')).toEqual(['0/2', '1/2', '2/2'])
  })
})

describe('a reload', () => {
  it('lets the new generation in when all of it has loaded, then drains the old one', () => {
    const world = new World().start()
    world.onSpawn = booting()
    world.send({ type: 'reload', ticket: 7 })
    expect(world.fleet.phase).toBe('reloading')
    world.say(3, { type: 'loaded' })
    expect(world.in('accepting')).toEqual(['0/1', '1/1'])
    expect(world.in('loaded')).toEqual(['0/2'])
    expect(world.settled).toEqual([])
    world.say(4, { type: 'loaded' })
    expect(world.in('accepting')).toEqual(['0/2', '1/2'])
    expect(world.settled).toEqual([{ tickets: [7], failure: null }])
    expect(world.fleet.phase).toBe('running')
    expect(world.processes.size).toBe(2)
  })

  it('is answered when the old workers take no more connections, and not when they have finished', () => {
    const world = new World().start()
    for (const process of world.processes.values()) process.stuck = true
    world.send({ type: 'reload', ticket: 7 })
    expect(world.in('accepting')).toEqual(['0/2', '1/2'])
    world.say(1, { type: 'closed' })
    expect(world.settled).toEqual([])
    world.say(2, { type: 'closed' })
    expect(world.settled).toEqual([{ tickets: [7], failure: null }])
    expect(world.in('draining')).toEqual(['0/1', '1/1'])
  })

  it('is answered when the old workers have ended', () => {
    const world = new World().start()
    for (const process of world.processes.values()) process.stuck = true
    world.send({ type: 'reload', ticket: 7 })
    world.exit(1, null, 'SIGKILL')
    world.exit(2, null, 'SIGKILL')
    expect(world.settled).toEqual([{ tickets: [7], failure: null }])
  })

  it('waits two seconds and no longer for old workers that hang', () => {
    const world = new World().start()
    world.worker(0).stuck = true
    world.send({ type: 'reload', ticket: 7 })
    world.pass(1_999)
    expect(world.settled).toEqual([])
    world.pass(1)
    expect(world.settled).toEqual([{ tickets: [7], failure: null }])
    expect(world.in('draining')).toEqual(['0/1'])
  })

  it('has succeeded, once the new generation serves, even if the fleet is stopped', () => {
    const world = new World().start()
    for (const process of world.processes.values()) process.stuck = true
    world.send({ type: 'reload', ticket: 7 })
    world.send({ type: 'stop' })
    expect(world.settled).toEqual([{ tickets: [7], failure: null }])
  })

  it('keeps the old generation when the new one does not load', () => {
    const world = new World().start()
    world.onSpawn = booting()
    world.send({ type: 'reload', ticket: 7 })
    world.say(3, { type: 'loaded' })
    world.fail(4, FAILURE)
    expect(world.in('accepting')).toEqual(['0/1', '1/1'])
    expect(world.settled).toEqual([{ tickets: [7], failure: FAILURE }])
    expect(world.processes.size).toBe(2)
    expect(world.fleet.generation).toBe(1)
    expect(world.log.at(-1)).toBe('error: reload failed, generation 1 keeps serving: no such module')
    // Nothing that served has ended.
    expect(world.fleet.restarts).toBe(0)
  })

  it('can be tried again after a failure', () => {
    const world = new World().start()
    world.onSpawn = ({ id }) => world.fail(id, FAILURE)
    world.send({ type: 'reload', ticket: 1 })
    world.onSpawn = ({ id }) => world.say(id, { type: 'loaded' })
    world.send({ type: 'reload', ticket: 2 })
    expect(world.settled.map(({ failure }) => failure)).toEqual([FAILURE, null])
    expect(world.in('accepting')).toEqual(['0/2', '1/2'])
  })

  it('is one more reload for all that were asked for while it loaded', () => {
    const world = new World().start()
    world.onSpawn = booting()
    for (let ticket = 1; ticket <= 10; ticket++) world.send({ type: 'reload', ticket })
    world.onSpawn = ({ id }) => world.say(id, { type: 'loaded' })
    world.say(3, { type: 'loaded' })
    world.say(4, { type: 'loaded' })
    expect(world.settled.map(({ tickets }) => tickets)).toEqual([[1], [2, 3, 4, 5, 6, 7, 8, 9, 10]])
    expect(world.fleet.generation).toBe(3)
  })

  it('leaves old workers no more time for idle connections when the fleet stops', () => {
    const world = new World().start()
    world.worker(0).stuck = true
    world.send({ type: 'reload', ticket: 1 })
    const old = world.worker(0, 1)
    expect(old.told).toEqual(['accept', 'drain'])
    world.send({ type: 'stop' })
    expect(old.told).toEqual(['accept', 'drain', 'drain'])
  })

  it('kills an old worker that does not finish within the graceful limit', () => {
    const world = new World({ workerTimeout: 0 }).start()
    world.worker(0).stuck = true
    world.send({ type: 'reload', ticket: 1 })
    world.pass(25_000 + DRAIN_MARGIN - 1)
    expect(world.in('draining')).toEqual(['0/1'])
    world.pass(1)
    expect(world.in('draining')).toEqual([])
    expect(world.log.at(-1)).toContain('did not finish in time')
  })

  it('waits while two old generations are still finishing, so that processes do not pile up', () => {
    const world = new World({ workerTimeout: 0 }).start()
    for (let ticket = 1; ticket <= 10; ticket++) {
      for (const process of world.processes.values()) process.stuck = true
      world.onSpawn = ({ id }) => {
        world.say(id, { type: 'loaded' })
      }
      world.send({ type: 'reload', ticket })
      for (const { id, told } of world.processes.values()) if (told.includes('drain')) world.say(id, { type: 'closed' })
    }
    expect(world.processes.size).toBe(6)
    world.pass(200_000)
    expect(world.settled.flatMap(({ tickets }) => tickets)).toHaveLength(10)
    expect(world.in('accepting')).toHaveLength(2)
  })

  it('replaces an old worker that ends while the new generation loads', () => {
    const world = new World().start()
    world.onSpawn = booting()
    world.send({ type: 'reload', ticket: 1 })
    world.exit(1, null, 'SIGKILL')
    expect(world.in('booting')).toEqual(['0/2', '1/2', '0/1'])
    world.say(3, { type: 'loaded' })
    world.say(4, { type: 'loaded' })
    expect(world.in('accepting')).toEqual(['0/2', '1/2'])
    expect(world.in('booting')).toEqual([])
  })

  it('fails, and keeps the old worker in its slot, when a new one ends before its sockets are open', () => {
    const world = new World().start()
    world.obedient = false
    world.send({ type: 'reload', ticket: 1 })
    expect(world.in('opening')).toEqual(['0/2', '1/2'])
    world.say(3, { type: 'accepting' })
    world.onSpawn = booting()
    world.exit(4, 1)
    expect(world.settled[0]?.failure?.message).toContain('exited with code 1')
    expect(world.in('accepting')).toEqual(['1/1', '0/2'])
  })
})

describe('scaling', () => {
  it('starts workers in new slots', () => {
    const world = new World().start()
    world.send({ type: 'scale', to: 4 })
    expect(world.in('accepting')).toEqual(['0/1', '1/1', '2/1', '3/1'])
  })

  it('drains the workers of the last slots', () => {
    const world = new World().start()
    world.send({ type: 'scale', to: 1 })
    expect(world.in('accepting')).toEqual(['0/1'])
    expect(world.fleet.restarts).toBe(0)
  })

  it('holds for a generation that is being loaded', () => {
    const world = new World().start()
    world.onSpawn = booting()
    world.send({ type: 'reload', ticket: 1 })
    world.send({ type: 'scale', to: 3 })
    expect(world.in('booting')).toEqual(['0/2', '1/2', '2/2', '2/1'])
    world.send({ type: 'scale', to: 1 })
    expect(world.in('booting')).toEqual(['0/2'])
    world.say(3, { type: 'loaded' })
    expect(world.in('accepting')).toEqual(['0/2'])
  })
})

describe('a worn-out worker', () => {
  const shape = { kind: 'slots', workers: 1, maxRequests: 100, maxRequestsJitter: 10, maxRss: 2 ** 20 } as const
  const figures = { connections: 3, active: 1, requests: 0, accepted: 9, rss: 1 }

  it('goes on until its successor accepts', () => {
    const world = new World({ shape }, () => 0).start()
    world.onSpawn = booting()
    world.say(1, { type: 'beat', figures: { ...figures, requests: 99 } })
    expect(world.processes.size).toBe(1)
    world.say(1, { type: 'beat', figures: { ...figures, requests: 100 } })
    expect(world.in('booting')).toEqual(['0/1'])
    expect(world.in('accepting')).toEqual(['0/1'])
    world.say(2, { type: 'loaded' })
    expect(world.processes.size).toBe(1)
    expect(world.in('accepting')).toEqual(['0/1'])
    expect(world.fleet.restarts).toBe(0)
  })

  it('is so at a number of requests drawn for it', () => {
    const world = new World({ shape }, () => 0.999).start()
    world.say(1, { type: 'beat', figures: { ...figures, requests: 109 } })
    expect([...world.fleet.workers].map(({ id }) => id)).toEqual([1])
    world.say(1, { type: 'beat', figures: { ...figures, requests: 110 } })
    expect([...world.fleet.workers].map(({ id }) => id)).toEqual([2])
  })

  it('is so when it holds too much memory', () => {
    const world = new World({ shape }, () => 0).start()
    world.say(1, { type: 'beat', figures: { ...figures, rss: 2 ** 20 } })
    world.say(1, { type: 'beat', figures: { ...figures, rss: 2 ** 20 + 1 } })
    expect([...world.fleet.workers].map(({ id }) => id)).toEqual([2])
    expect(world.log[0]).toContain('over the limit of 1 MiB')
  })

  it('is kept while no successor can be loaded', () => {
    const world = new World({ shape }, () => 0).start()
    world.onSpawn = ({ id }) => world.fail(id, FAILURE)
    world.say(1, { type: 'beat', figures: { ...figures, requests: 100 } })
    world.pass(20_000)
    expect([...world.fleet.workers].some(({ id, phase }) => id === 1 && phase === 'accepting')).toBe(true)
  })
})

describe('a stop', () => {
  it('drains all and ends when all are gone', () => {
    const world = new World().start()
    world.worker(0).stuck = true
    world.send({ type: 'stop' })
    expect(world.in('draining')).toEqual(['0/1'])
    expect(world.ended).toBeNull()
    world.finish(1, 3)
    expect(world.ended).toEqual({ cutOff: 3, failure: null })
    expect(world.fleet.wakeIn).toBeNull()
  })

  it('starts nobody any more', () => {
    const world = new World().start()
    for (const process of world.processes.values()) process.stuck = true
    world.send({ type: 'stop' })
    world.exit(1, 1)
    expect(world.processes.size).toBe(1)
  })

  it('kills who does not finish, and counts what that cut off', () => {
    const world = new World({ workerTimeout: 0 }).start()
    world.worker(0).stuck = true
    world.send({ type: 'stop', graceful: 1_000 })
    world.pass(1_000 + DRAIN_MARGIN)
    expect(world.worker(0).told.at(-1)).toBe('interrogate')
    world.pass(LAST_WORDS)
    expect(world.ended).toEqual({ cutOff: 1, failure: null })
  })

  it('leaves the application some time for its shutdown, and no more', () => {
    const world = new World().start()
    for (const process of world.processes.values()) process.stuck = true
    world.send({ type: 'stop', graceful: 1_000 })
    world.say(1, { type: 'drained', cutOff: 0, figures: NO_FIGURES })
    world.finish(2)
    world.pass(1_000 + DRAIN_MARGIN + SHUTDOWN_MARGIN - 1)
    expect(world.ended).toBeNull()
    world.pass(1)
    expect(world.ended).toEqual({ cutOff: 0, failure: null })
  })

  it('a second time, without grace, ends in a moment', () => {
    const world = new World().start()
    for (const process of world.processes.values()) process.stuck = true
    world.send({ type: 'stop' })
    world.pass(1_000)
    world.send({ type: 'stop', graceful: 0 })
    world.pass(HURRY)
    expect(world.ended).not.toBeNull()
  })

  it('ends a reload', () => {
    const world = new World().start()
    world.onSpawn = booting()
    world.send({ type: 'reload', ticket: 1 })
    world.send({ type: 'reload', ticket: 2 })
    world.send({ type: 'stop' })
    expect(world.settled.flatMap(({ tickets }) => tickets)).toEqual([1, 2])
    expect(world.settled[0]?.failure?.message).toBe('the server is stopping')
    expect(world.ended).not.toBeNull()
    expect(world.processes.size).toBe(0)
  })

  it('refuses a reload', () => {
    const world = new World().start()
    world.worker(0).stuck = true
    world.send({ type: 'stop' })
    world.send({ type: 'reload', ticket: 1 })
    expect(world.settled).toMatchObject([{ tickets: [1], failure: { message: 'the server is stopping' } }])
  })

  it('begins after the shutdown delay; connections are served meanwhile, and who ends is replaced', () => {
    const world = new World({ shutdownDelay: 10_000 }).start()
    world.send({ type: 'stop' })
    expect(world.fleet.phase).toBe('leaving')
    world.exit(1, 1)
    expect(world.in('accepting')).toEqual(['1/1', '0/1'])
    world.pass(9_999)
    expect(world.ended).toBeNull()
    world.pass(1)
    expect(world.ended).not.toBeNull()
  })

  it('without grace does not wait for the shutdown delay', () => {
    const world = new World({ shutdownDelay: 10_000 }).start()
    world.send({ type: 'stop' })
    world.send({ type: 'stop', graceful: 0 })
    expect(world.ended).not.toBeNull()
  })
})
