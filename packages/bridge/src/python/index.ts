export { default, type PythonConfig } from './from-config.ts'
export { askInterpreter, findInterpreter, type Interpreter, type RunningInterpreter } from './interpreter.ts'
export { prepare, type Prepared } from './prepare.ts'
export { python, type PythonOptions } from './python.ts'
