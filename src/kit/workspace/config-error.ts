import {PmpcError} from '../errors/index.js'
import {CONFIG_PATH} from '../files/names.js'

/** Something wrong in pmpc.yaml. */
export interface ConfigProblem {
  message: string
  line: number
  column: number
}

/** All that is wrong at once. */
export function configError(problems: ConfigProblem[]): PmpcError {
  const lines = problems.map(({message, line, column}) => `${CONFIG_PATH}:${line}:${column}: ${message}`)
  const message = lines.length === 1 ? lines[0]! : `${CONFIG_PATH} cannot be used:\n  ${lines.join('\n  ')}`
  return new PmpcError('PMPC_CONFIG', message, {
    suggestions: [
      `correct ${CONFIG_PATH}, line ${problems[0]!.line}, then run the command again`,
      `git diff -- ${CONFIG_PATH}`,
    ],
    data: {path: CONFIG_PATH, problems},
  })
}
