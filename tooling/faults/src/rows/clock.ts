/** Row 24: the wall clock jumps, while the monotonic clock goes on as it should. */
import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { serve, type Subject, temporaryFolder } from '../subject.ts'
import { until } from '../until.ts'

const LIBFAKETIME = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1',
]

/** Adds to the wall clock what a file says, and leaves all other clocks alone: what libfaketime does, in a few lines. */
const SHIM = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
static long offset(void) {
  long seconds = 0;
  FILE *file = fopen(getenv("WALL_CLOCK_OFFSET"), "r");
  if (file) { if (fscanf(file, "%ld", &seconds) != 1) seconds = 0; fclose(file); }
  return seconds;
}
int clock_gettime(clockid_t id, struct timespec *time) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
  int status = real(id, time);
  if (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE) time->tv_sec += offset();
  return status;
}
int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  struct timespec now;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &now);
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return 0;
}
`

interface WallClock {
  readonly env: NodeJS.ProcessEnv
  jump(seconds: number): void
}

function wallClock(): WallClock {
  const folder = temporaryFolder()
  const file = join(folder, 'offset')
  const library = LIBFAKETIME.find((path) => existsSync(path))
  if (library !== undefined) {
    writeFileSync(file, '+0')
    return {
      env: {
        LD_PRELOAD: library,
        FAKETIME_TIMESTAMP_FILE: file,
        FAKETIME_NO_CACHE: '1',
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
      },
      jump: (seconds) => writeFileSync(file, seconds < 0 ? String(seconds) : `+${seconds}`),
    }
  }
  writeFileSync(file, '0')
  writeFileSync(join(folder, 'shim.c'), SHIM)
  execFileSync('cc', ['-shared', '-fPIC', '-o', join(folder, 'shim.so'), join(folder, 'shim.c'), '-ldl'])
  return {
    env: { LD_PRELOAD: join(folder, 'shim.so'), WALL_CLOCK_OFFSET: file },
    jump: (seconds) => writeFileSync(file, String(seconds)),
  }
}

function canFake(): boolean {
  if (process.platform !== 'linux') return false
  if (LIBFAKETIME.some((path) => existsSync(path))) return true
  try {
    execFileSync('cc', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

export function clock(subject: Subject): void {
  test.skipIf(!canFake())('row 24: a wall clock that jumps an hour, forth and back, fires no timeout', async () => {
    const wall = wallClock()
    const supervised = subject.name === 'event-loop' ? {} : { workerTimeout: 3_000, bootTimeout: 60_000 }
    // Of the process server's two seconds the test itself may take more.
    const server = await serve(subject, { env: wall.env, options: { ...supervised, timeouts: { keepAlive: 75_000 } } })
    const dateOf = async (): Promise<number> => Date.parse((await server.get('/who')).headers.get('date') ?? '')
    const { workers } = server
    const idle = server.connect().get('/who')
    await idle.response()
    const upload = server.connect().send('POST /upload HTTP/1.1\r\nhost: test\r\ncontent-length: 10\r\n\r\n12345')
    const stream = server.connect().get('/stream?40')
    for (const hours of [1, -1]) {
      wall.jump(hours * 3600)
      // The jump is real: what the server says about the time shows it.
      await until(
        'the clock to have jumped',
        async () => Math.abs((await dateOf()) - Date.now() - hours * 3_600_000) < 10_000,
      )
      await sleep(500)
    }
    expect((await idle.get('/who').response()).status).toBe(200)
    expect((await upload.send('67890').response()).body).toBe('10')
    expect((await stream.response()).body).toContain('chunk 40')
    if (subject.name === 'cluster') expect(server.workers).toEqual(workers)
    expect(server.stderr).toBe('')
  })
}
