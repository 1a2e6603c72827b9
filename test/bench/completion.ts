import {spawnSync} from 'node:child_process'
import {mkdirSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {shells, type Shell} from '../../src/kit/completion/index.js'
import {listFile} from '../../src/kit/completion/kept.js'
import {objectsText} from '../../src/kit/completion/words.js'
import {sandbox, type Sandbox} from '../support/pmpc.js'
import {noShell, typeInto} from '../support/shells.js'
import type {Figure} from './startup.js'

const objects = 10_000
/** Times that TAB is pressed in one shell. */
const presses = 40

/** What is typed: few of the objects may stand there, or all of them. */
const LINES = {
  'of 10,000 objects 11 fit': 'pmpc describe vm/123',
  'of 10,000 objects all fit': 'pmpc describe vm ',
}

/** TAB in each shell, pressed on a pseudo-terminal: what it takes longer to type the lines with it than without, against a bare node. */
export async function completionFigures(): Promise<Figure[]> {
  const box = sandbox()
  const root = path.join(box.folder, 'ws')
  try {
    mkdirSync(root)
    writeFileSync(path.join(root, 'pmpc.yaml'), '')
    process.env.PMPC_CACHE_DIR = box.env.PMPC_CACHE_DIR
    mkdirSync(path.dirname(listFile(root, 'clusters')), {recursive: true})
    writeFileSync(listFile(root, 'clusters'), 'home\n')
    writeFileSync(listFile(root, 'home.objects'), objectsText({cluster: 'home', objects: guests()}))
    const figures: Figure[] = []
    for (const shell of shells.filter((each) => noShell(each) === undefined)) {
      const {stdout: script} = await box.pmpc(['completion', shell])
      for (const [what, line] of Object.entries(LINES))
        figures.push(await figureOf(`TAB in ${shell}, ${what} / node -e 0`, {shell, script, box, root, line}))
    }
    return figures
  } finally {
    box.remove()
  }
}

function guests() {
  return Array.from({length: objects}, (_, at) => ({
    kind: 'vm' as const,
    id: 100 + at,
    config: {name: `web${100 + at}`},
    facts: {},
  }))
}

async function figureOf(
  name: string,
  {shell, script, box, root, line}: {shell: Shell; script: string; box: Sandbox; root: string; line: string},
): Promise<Figure> {
  const typing = async (keys: string) => {
    const typed = Array.from({length: presses}, () => `${line}${keys}`)
    return timed(async () => typeInto(shell, script, {box, cwd: root, typed}))
  }
  await typing('<TAB>')
  const tabs: number[] = []
  const nodes: number[] = []
  for (let round = 0; round < 3; round++) {
    const without = await typing('')
    tabs.push(((await typing('<TAB>')) - without) / presses)
    for (let run = 0; run < 5; run++) nodes.push(await timed(async () => spawnSync(process.execPath, ['-e', '0'])))
  }
  const [measured, reference] = [middle(tabs), middle(nodes)]
  return {name, ratio: measured / reference, reach: 2, milliseconds: {measured, reference}}
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

function middle(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!
}
