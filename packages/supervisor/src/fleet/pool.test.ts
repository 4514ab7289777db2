import { describe, expect, it } from 'vitest'
import { NO_FIGURES } from '../channel/messages.ts'
import { World } from '../../test/fleet-world.ts'

const shape = { kind: 'pool', spare: 2, maxProcesses: 5, turnAway: false } as const

describe('a pool of processes for one connection each', () => {
  it('starts as many as are kept waiting', () => {
    const world = new World({ shape }).start()
    expect(world.started).toBe(true)
    expect(world.in('accepting')).toEqual(['0/1', '0/1'])
  })

  it('starts another when one has taken its connection, up to the limit', () => {
    const world = new World({ shape }).start()
    for (let taken = 1; taken <= 5; taken++) world.say(taken, { type: 'taken' })
    expect(world.in('serving')).toHaveLength(5)
    expect(world.in('accepting')).toHaveLength(0)
    world.finish(1)
    expect(world.in('accepting')).toHaveLength(1)
    expect(world.fleet.restarts).toBe(0)
  })

  it('does not hold back others because of a process that dies with its connection', () => {
    const world = new World({ shape }).start()
    for (let round = 0; round < 10; round++) {
      const [next] = [...world.fleet.workers].filter(({ phase }) => phase === 'accepting')
      world.say(next?.id ?? 0, { type: 'taken' })
      world.exit(next?.id ?? 0, null, 'SIGSEGV')
      expect(world.in('accepting')).toHaveLength(2)
    }
    expect(world.log).toHaveLength(10)
    expect(world.log[0]).toBe('error: worker 1 (pid 1001) was ended by SIGSEGV')
  })

  it('backs off when processes die while they wait', () => {
    const world = new World({ shape }).start()
    world.onSpawn = ({ id }) => world.exit(id, 1)
    world.exit(1, 1)
    world.pass(60_000)
    expect(world.fleet.restarts).toBeLessThan(25)
    expect(world.in('accepting')).toHaveLength(1)
  })

  it('counts a process that is killed but not gone yet', () => {
    const world = new World({ shape: { ...shape, maxProcesses: 2 }, graceful: 1_000 }).start()
    world.worker(0).stuck = true
    world.say(1, { type: 'taken' })
    world.say(2, { type: 'taken' })
    world.say(1, { type: 'drained', cutOff: 0, figures: NO_FIGURES })
    expect(world.processes.size).toBe(2)
    world.exit(1, 0)
    expect(world.in('accepting')).toHaveLength(1)
  })

  it('reloads even when it is full, and lets old processes finish their connection', () => {
    const world = new World({ shape }).start()
    for (let taken = 1; taken <= 5; taken++) {
      const process = world.processes.get(taken)
      if (process !== undefined) process.stuck = true
      world.say(taken, { type: 'taken' })
    }
    world.send({ type: 'reload', ticket: 1 })
    expect(world.settled).toEqual([{ tickets: [1], failure: null }])
    expect(world.in('draining')).toHaveLength(5)
    expect(world.in('accepting')).toEqual(['0/2', '0/2'])
  })

  it('kills a hung process and starts another', () => {
    const world = new World({ shape: { ...shape, maxProcesses: 2 } }).start()
    world.worker(0).stuck = true
    world.say(2, { type: 'taken' })
    world.pass(31_000)
    expect(world.in('accepting')).toHaveLength(2)
    expect(world.fleet.ends).toHaveLength(1)
  })

  it('keeps more or fewer waiting when scaled', () => {
    const world = new World({ shape }).start()
    world.send({ type: 'scale', to: 4 })
    expect(world.in('accepting')).toHaveLength(4)
    world.send({ type: 'scale', to: 1 })
    expect(world.in('accepting')).toHaveLength(1)
  })

  it('tries steadily while the system has no process to give, says so once, and goes on when it has', () => {
    const world = new World({ shape }).start()
    world.noSpawn = 'EMFILE'
    let tries = 0
    world.onRefusal = () => tries++
    world.say(1, { type: 'taken' })
    world.pass(10_000)
    expect(tries).toBeGreaterThan(15)
    expect(tries).toBeLessThan(25)
    expect(world.log).toEqual(['error: a worker could not be started: EMFILE; it is tried again every 0.5 s'])
    world.noSpawn = null
    world.pass(500)
    expect(world.in('accepting')).toHaveLength(2)
    expect(world.log.at(-1)).toBe('info: processes can be started again')
    expect(world.fleet.restarts).toBe(0)
  })
})

describe('a pool with one that turns away', () => {
  const full = { ...shape, maxProcesses: 3, turnAway: true }

  it('has it take connections only while all others are taken', () => {
    const world = new World({ shape: full }).start()
    const turner = world.worker(1)
    expect(world.in('accepting')).toEqual(['0/1', '0/1', '1/1'])
    for (const { id } of world.processes.values()) if (id !== turner.id) world.say(id, { type: 'taken' })
    expect(world.in('serving')).toHaveLength(3)
    expect(turner.told).toEqual(['accept', 'cover 0'])
    const [serving] = [...world.fleet.workers].filter(({ phase }) => phase === 'serving')
    world.finish(serving?.id ?? 0)
    expect(turner.told).toEqual(['accept', 'cover 0', 'uncover 0'])
  })

  it('starts another when it dies, and when there is new code', () => {
    const world = new World({ shape: full }).start()
    world.exit(world.worker(1).id, 1)
    expect(world.in('accepting')).toEqual(['0/1', '0/1', '1/1'])
    world.send({ type: 'reload', ticket: 1 })
    expect(world.in('accepting')).toEqual(['0/2', '0/2', '1/2'])
  })

  it('scales the others only', () => {
    const world = new World({ shape: full }).start()
    world.send({ type: 'scale', to: 1 })
    expect(world.in('accepting')).toEqual(['0/1', '1/1'])
  })
})
