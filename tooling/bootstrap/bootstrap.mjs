/**
 * What `npm start` and `npm test` run. The Node that runs this may be old, so this file stays plain and imports the rest
 * only once it is known to be readable; Node 26 itself is one of the things that are installed.
 */
const OLDEST = 18
const version = Number(process.versions.node.split('.')[0])

if (version < OLDEST) {
  console.error(
    [
      '',
      `  This is Node ${process.versions.node}; starting takes Node ${OLDEST} or newer.`,
      '',
      '  Any newer one will do: TSGI installs the Node that it runs on by itself.',
      '  Get one from https://nodejs.org/ or from your system, then run the same command again.',
      '',
    ].join('\n'),
  )
  process.exitCode = 1
} else {
  import('./commands.mjs').then(({ main }) => main(process.argv.slice(2)))
}
