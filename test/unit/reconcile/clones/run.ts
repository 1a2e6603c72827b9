import {World} from './world.js'
import type {Finding, Play} from './world.js'

/** What many histories showed. */
export interface Figures {
  histories: number
  /** Histories in which this happened, by what. */
  by: Partial<Record<Finding['what'], number>>
  /** Histories with a wish that nobody wished, or a drift that was lost. */
  bad: number
  questions: number
  decided: number
  /** Of these, what was not open. */
  takenOver: number
  told: number
  untold: number
  merges: number
  rebases: number
  conflicts: number
  findings: Finding[]
}

/** Plays histories, seeds from `first`. */
export async function playHistories(count: number, play: Omit<Play, 'seed'>, first = 1): Promise<Figures> {
  const figures: Figures = {
    histories: count,
    by: {},
    bad: 0,
    questions: 0,
    decided: 0,
    takenOver: 0,
    told: 0,
    untold: 0,
    merges: 0,
    rebases: 0,
    conflicts: 0,
    findings: [],
  }
  for (let n = 0; n < count; n++) {
    const world = new World({...play, seed: (first + n) * 7919})
    await world.run()
    for (const what of new Set(world.findings.map((finding) => finding.what)))
      figures.by[what] = (figures.by[what] ?? 0) + 1
    if (world.findings.some(({what}) => what === 'false wish' || what === 'lost drift')) figures.bad++
    figures.questions += world.findings.filter(({what}) => what === 'needless' || what === 'undone decision').length
    for (const key of ['decided', 'takenOver', 'told', 'untold', 'merges', 'rebases', 'conflicts'] as const)
      figures[key] += world.counts[key]
    figures.findings.push(...world.findings)
  }
  return figures
}
