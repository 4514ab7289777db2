/** What holds for a fleet whatever happens to it, in whatever order. */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { type SimulatedProcess, World } from '../../test/fleet-world.ts'
import { TURN_AWAY } from './plan.ts'

const MOST = 4

type Kind = 'slots' | 'pool' | 'pool that turns away'

type Act =
  | { readonly act: 'die' | 'hang' | 'recover' | 'leave' | 'take'; readonly who: number }
  | { readonly act: 'boot'; readonly how: 'well' | 'never' | 'badly' | 'dying' }
  | { readonly act: 'load' }
  | { readonly act: 'reload' }
  | { readonly act: 'scale'; readonly to: number }
  | { readonly act: 'pass'; readonly time: number }
  | { readonly act: 'suspend'; readonly time: number }

const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    fc.record({ act: fc.constantFrom('die', 'hang', 'recover', 'leave', 'take'), who: fc.nat(20) }),
    fc.record({ act: fc.constant('boot'), how: fc.constantFrom('well', 'well', 'never', 'badly', 'dying') }),
    fc.record({ act: fc.constant('load') }),
    fc.record({ act: fc.constant('reload') }),
    fc.record({ act: fc.constant('scale'), to: fc.integer({ min: 1, max: MOST }) }),
    fc.record({ act: fc.constant('pass'), time: fc.constantFrom(1, 100, 1_000, 16_000, 40_000) }),
    fc.record({ act: fc.constant('suspend'), time: fc.constantFrom(500, 5_000, 3_600_000) }),
  ) as fc.Arbitrary<Act>,
  { maxLength: 40 },
)

class Player {
  readonly world: World
  tickets = 0

  constructor(kind: Kind, spread: number) {
    this.world = new World(
      {
        shape:
          kind === 'slots'
            ? { kind, workers: 2, maxRequests: 0, maxRequestsJitter: 0, maxRss: 0 }
            : { kind: 'pool', spare: 2, maxProcesses: 6, turnAway: kind === 'pool that turns away' },
      },
      () => spread,
    ).start()
  }

  play(act: Act): void {
    const { world } = this
    switch (act.act) {
      case 'die':
        return this.#with(act.who, ({ id }) => world.exit(id, null, 'SIGKILL'))
      case 'hang':
        return this.#with(act.who, (process) => (process.stuck = true))
      case 'recover':
        return this.#with(act.who, (process) => world.recover(process))
      case 'leave':
        return this.#with(act.who, ({ id }) => world.say(id, { type: 'leaving', reason: 'doubts', orderly: false }))
      case 'take':
        return this.#with(act.who, ({ id }) => world.say(id, { type: 'taken' }))
      case 'boot':
        world.onSpawn = ({ id }) => {
          if (act.how === 'well') world.say(id, { type: 'loaded' })
          if (act.how === 'badly') world.fail(id, { code: 'TSGI_ERR_APP_LOAD', message: 'broken' })
          if (act.how === 'dying') world.exit(id, 1)
        }
        return
      case 'load':
        for (const { id } of world.processes.values()) world.say(id, { type: 'loaded' })
        return
      case 'reload':
        return world.send({ type: 'reload', ticket: ++this.tickets })
      case 'scale':
        return world.send({ type: 'scale', to: act.to })
      case 'pass':
        return world.pass(act.time)
      case 'suspend':
        world.now += act.time
        return world.send({ type: 'tick' })
    }
  }

  /** From now on nothing goes wrong, and there is time. */
  settle(): void {
    this.play({ act: 'boot', how: 'well' })
    this.play({ act: 'load' })
    this.world.pass(200_000)
  }

  #with(who: number, act: (process: SimulatedProcess) => unknown): void {
    const all = [...this.world.processes.values()]
    if (all.length > 0) act(all[who % all.length] as SimulatedProcess)
  }
}

const fleets = fc.tuple(
  fc.constantFrom('slots', 'pool', 'pool that turns away'),
  fc.double({ min: 0, max: 0.99, noNaN: true }),
  acts,
)

function holds(check: (player: Player, list: readonly Act[], kind: Kind) => void): void {
  fc.assert(
    fc.property(fleets, ([kind, spread, list]) => {
      check(new Player(kind, spread), list, kind)
    }),
    // The same cases in each run; FUZZ_SEED asks for others.
    { numRuns: 300, seed: Number(process.env['FUZZ_SEED'] ?? 1) },
  )
}

it('comes to rest as it should be: all of the current generation accept, and nobody else is left', () => {
  holds((player, list, kind) => {
    for (const act of list) player.play(act)
    player.settle()
    const { fleet } = player.world
    const turners = [...fleet.workers].filter(({ slot, phase }) => slot === TURN_AWAY && phase === 'accepting')
    if (kind !== 'slots') expect(turners).toHaveLength(kind === 'pool' ? 0 : 1)
    const workers = [...fleet.workers].filter(
      (w) => w.phase !== 'serving' && (kind === 'slots' || w.slot !== TURN_AWAY),
    )
    expect(workers.map(({ phase }) => phase)).toEqual(workers.map(() => 'accepting'))
    expect(workers.every(({ generation }) => generation === fleet.generation)).toBe(true)
    const slots = workers.map(({ slot }) => slot).toSorted()
    if (kind === 'slots') expect(slots).toEqual(Array.from({ length: fleet.size }, (_, slot) => slot))
    else expect(slots).toHaveLength(Math.min(fleet.size, 6 - player.world.in('serving').length))
  })
})

it('answers every reload that was asked for', () => {
  holds((player, list) => {
    for (const act of list) player.play(act)
    player.settle()
    const settled = player.world.settled.flatMap(({ tickets }) => tickets).toSorted((a, b) => a - b)
    expect(settled).toEqual(Array.from({ length: player.tickets }, (_, i) => i + 1))
  })
})

it('comes to an end when it is stopped, and leaves no process', () => {
  holds((player, list) => {
    const cut = list.length >> 1
    for (const act of list.slice(0, cut)) player.play(act)
    player.world.send({ type: 'stop' })
    for (const act of list.slice(cut)) player.play(act)
    player.world.pass(60_000)
    expect(player.world.ended).not.toBeNull()
    expect(player.world.processes.size).toBe(0)
  })
})

it('lets a worker go only where another accepts, and kills none that does its work', () => {
  holds((player, list, kind) => {
    const { world } = player
    const doubtful = new Set<number>()
    world.onOrder = (order, process) => {
      const workers = [...world.fleet.workers]
      const { acceptingSince } = workers.find(({ id }) => id === process.id) ?? { acceptingSince: null }
      if (order === 'kill') {
        if (acceptingSince !== null) expect(process.stuck).toBe(true)
        return
      }
      if (doubtful.has(process.id) || (kind === 'slots' && process.slot >= world.fleet.size)) return
      const others = workers.filter((w) => w.id !== process.id && (w.phase === 'accepting' || w.phase === 'serving'))
      if (kind === 'slots') expect(others.some((w) => w.slot === process.slot && w.id > process.id)).toBe(true)
      else expect(others.length).toBeGreaterThan(0)
    }
    for (const act of list) {
      if (act.act === 'leave') for (const id of world.processes.keys()) doubtful.add(id)
      player.play(act)
    }
  })
})

it('never has more processes than a few generations of them', () => {
  holds((player, list, kind) => {
    for (const act of list) {
      player.play(act)
      expect(player.world.processes.size).toBeLessThanOrEqual(kind === 'slots' ? 5 * MOST : 6 + 6 + 2 * MOST)
    }
  })
})

it('serves the queue of every slot that was ever opened, at rest', () => {
  holds((player, list, kind) => {
    if (kind !== 'slots') return
    let most = 2
    for (const act of list) {
      player.play(act)
      most = Math.max(
        most,
        ...[...player.world.fleet.workers].filter((w) => w.acceptingSince !== null).map((w) => w.slot + 1),
      )
    }
    player.settle()
    for (const { slot, covers } of player.world.fleet.workers) {
      expect(slot).toBeLessThan(player.world.fleet.size)
      expect([...covers].toSorted()).toEqual(
        Array.from({ length: Math.max(most, player.world.fleet.size) }, (_, i) => i).filter(
          (i) => i >= player.world.fleet.size,
        ),
      )
    }
  })
})
