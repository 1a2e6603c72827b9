import {changesText, type Paint} from 'pmpc/kit/observed'
import {differenceAt} from 'pmpc/kit/state'
import {visible} from 'pmpc/kit/text'
import type {End, Other, SnapshotDiff} from './diff.js'

/** What people read of `pmpc snapshot diff`: objects as `pmpc diff` tells them, all else a line each. */
export function diffText(diff: SnapshotDiff, paint: Paint): string {
  const {before, after, counts, changes, declared, manifests, open, config, versions, health, incomparable} = diff
  const sides = {before: sideOf(before), after: sideOf(after)}
  const clusters = changesText({...sides, counts, changes}, paint)
  const sum = {added: 0, removed: 0, changed: 0, replaced: 0, ignored: 0}
  for (const {change} of declared) sum[change]++
  // Without its heading, which is the one above.
  const declaredText =
    declared.length === 0
      ? []
      : changesText({...sides, counts: sum, changes: declared}, paint)
          .trimEnd()
          .split('\n')
          .slice(1, -1)
  return [
    clusters,
    section(
      'In the manifests',
      [...declaredText, ...manifests.map(({path, change}) => fileLine(path, change, paint))],
      paint,
    ),
    section(
      'Open',
      [
        ...open.closed.map(({sort, text}) => paint('red', marked('-', sort, text))),
        ...open.opened.map(({sort, text}) => paint('green', marked('+', sort, text))),
      ],
      paint,
    ),
    section('In pmpc.yaml', config.flatMap(otherLines), paint),
    section('Versions', versions.flatMap(otherLines), paint),
    section('Health', health.flatMap(otherLines), paint),
    section('Not compared', incomparable.map(visible), paint),
  ].join('')
}

/** Whether two snapshots say the same. */
export function isSame({changes, declared, manifests, open, config, versions, health}: SnapshotDiff): boolean {
  const lists = [changes, declared, manifests, open.closed, open.opened, config, versions, health]
  return lists.every((list) => list.length === 0)
}

function sideOf({file, taken}: End): {rev: string; commit: null} {
  return {rev: file === null ? 'now' : `${visible(file)} (${taken.slice(0, 16).replace('T', ' ')} UTC)`, commit: null}
}

function section(heading: string, lines: readonly string[], paint: Paint): string {
  if (lines.length === 0) return ''
  return `${paint('bold', heading)}\n${lines.map((line) => `  ${line}\n`).join('')}`
}

function fileLine(path: string, change: SnapshotDiff['manifests'][number]['change'], paint: Paint): string {
  const told = {
    added: ['green', '+', ''],
    removed: ['red', '-', ''],
    text: ['yellow', '~', ': says the same in other words'],
  } as const
  const [color, sign, rest] = told[change]
  return paint(color, visible(`${sign} ${path}${rest}`))
}

const marked = (sign: string, sort: string, text: string): string =>
  `${sign} ${sort} ${text.split('\n').map(visible).join('\n      ')}`

function otherLines({name, before, after}: Other): string[] {
  return differenceAt(visible(`~ ${name}:`), before, after)
}
