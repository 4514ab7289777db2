/**
 * What a worker's process runs: the worker in one file, as the build makes it. The cache must be on before that is loaded.
 *
 * CommonJS, since an ES module that imports one of Node's modules has all its names read, and so what is behind them loaded.
 */
require('node:module').enableCompileCache()
require('./worker.bundle.cjs')
