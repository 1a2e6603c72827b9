import {readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import type {Plan} from '../../src/kit/plan/index.js'
import {bin, sandbox} from '../support/pmpc.js'
import {compare, type Figure} from './startup.js'
import type {Endpoint} from './sync.js'

/** What a plan costs on 1,000 guests: without wishes against `get guests`, with some by its requests, and one that reads all against a sync. */
export async function planFigures(endpoint: Endpoint): Promise<Figure[]> {
  const box = sandbox()
  try {
    const folder = path.join(box.folder, 'workspace')
    const env = {...box.env, PMPC_TOKEN_HOME: endpoint.tokenSecret}
    const must = async (...args: string[]) => {
      const result = await box.pmpc(args, {env, ...(args[0] !== 'init' && {cwd: folder})})
      if (result.code !== 0) throw new Error(result.stderr)
      return result
    }
    const where = ['--cluster', 'home', '--endpoint', endpoint.url, '--token-id', endpoint.tokenId]
    await must(
      'init',
      folder,
      ...where,
      '--token-env',
      'PMPC_TOKEN_HOME',
      '--fingerprint',
      endpoint.fingerprint,
      '--yes',
    )
    await must('sync', '--accept')
    const options = {env, cwd: folder}
    const idle = (await must('plan', '--json')).json<Plan>().requests
    const figures: Figure[] = [
      figure('requests of pmpc plan without wishes (count)', idle, 10, idle),
      {
        name: 'pmpc plan without wishes / pmpc get guests',
        reach: 1.3,
        ...compare([bin, 'plan'], [bin, 'get', 'guests'], {...options, runs: 9}),
      },
      {
        name: 'pmpc plan --refresh / pmpc sync',
        reach: 1.2,
        ...compare([bin, 'plan', '--refresh'], [bin, 'sync'], {...options, runs: 5}),
      },
    ]
    const touched = (await must('get', 'vms', '-o', 'json')).json<{id: number}[]>().slice(0, 100)
    for (const {id} of touched) {
      const file = path.join(folder, `infra/home/vm/${id}.yaml`)
      writeFileSync(
        file,
        `${readFileSync(file, 'utf8')
          .replace(/^ {2}cores:.*\n/m, '')
          .trimEnd()}\n  cores: 3\n`,
      )
    }
    const {requests} = (await must('plan', '--json')).json<Plan>()
    const bound = 10 + 3 * touched.length
    return [
      ...figures,
      figure('requests of pmpc plan of 100 guests / 10 + 3 a guest (counts)', requests / bound, 1, requests, bound),
    ]
  } finally {
    box.remove()
  }
}

function figure(name: string, ratio: number, reach: number, measured: number, reference = 1): Figure {
  return {name, ratio, reach, milliseconds: {measured, reference}}
}
