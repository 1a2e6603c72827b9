#!/usr/bin/env node
// Takes the sample of the reference that the tests run on where the whole of it is not at hand (test/support/reference.ts).
//
//   node scripts/reference-sample.mjs FOLDER [OUT]     FOLDER is `pve-api` of the reference
//
// Records are taken as they are, or not at all; nothing but what is in the reference and below decides which. A scenario is replayed from its
// first line on, so what is taken of it is its beginning, whole where it is small. Only data is taken: no prose, and no file of somebody else's.
import {mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {gzipSync} from 'node:zlib'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const folder = process.argv[2]
if (!folder) {
  console.error('usage: node scripts/reference-sample.mjs FOLDER [OUT]\nFOLDER is pve-api of the reference')
  process.exit(64)
}
const out = process.argv[3] ?? path.join(root, 'test/fixtures/reference')

/** Of each scenario so many characters are taken, in whole exchanges. */
const LENGTH = 4000
/** Of these so many exchanges: tests ask for what comes later. */
const LONGER = {
  'clients/ansible': 80,
  'clients/proxmoxer': 45,
  'daemon/cluster2-fake-second-node': 22,
  'daemon/firewall': 90,
  'daemon/permissions': 32,
  'live/plan-facts': 45,
}
/** Of this one, which reads all that can be read once its guests are made, longer answers are left out: none needs another. */
const WALK = {
  name: 'daemon/walk-get',
  longest: 400,
  but: /"method":"(?!GET)|"path":"\/nodes\/pve1\/certificates\/info"/,
}
/** Longer answers of other hosts are left out, but for those that tests ask for by name. */
const RECORDED = {longest: 2000, but: /testdata\/permissions\.json/}

const read = (name) => readFileSync(path.join(folder, name), 'utf8')
const names = (part, ending) =>
  readdirSync(path.join(folder, part))
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => path.join(part, name))
const linesOf = (name) => read(name).split('\n').filter(Boolean)
/** The records of a file that is an array with one of them a line. */
const recordsOf = (name) =>
  linesOf(name)
    .filter((line) => line.startsWith('{'))
    .map((line) => line.replace(/,$/, ''))

function write(name, content) {
  const file = path.join(out, name)
  mkdirSync(path.dirname(file), {recursive: true})
  writeFileSync(file, content)
}

const writeArray = (name, records) => write(name, `[\n${records.join(',\n')}\n]\n`)
const writeLines = (name, lines) => write(name, `${lines.join('\n')}\n`)

/** The beginning of a list of lines, up to a length. */
function beginning(lines, length) {
  let left = length
  return lines.filter((line) => (left -= line.length + 1) >= 0)
}

/** The first records of each group. */
function firstOf(records, count, groupOf) {
  const counts = new Map()
  return records.filter((text) => {
    const group = groupOf(JSON.parse(text))
    counts.set(group, (counts.get(group) ?? 0) + 1)
    return counts.get(group) <= count
  })
}

function scenario(name) {
  const lines = linesOf(`${name}.jsonl`)
  if (name === WALK.name) return lines.filter((line) => line.length <= WALK.longest || WALK.but.test(line))
  const long = beginning(lines, LENGTH)
  return lines.slice(0, Math.max(long.length, LONGER[name] ?? 0))
}

/** Words that only people read. A key may itself be named `description`: below `properties` and `format` stand names. */
const PROSE = new Set(['description', 'verbose_description', 'format_description', 'title'])

function withoutProse(value, areNames = false) {
  if (Array.isArray(value)) return value.map((one) => withoutProse(one))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, one]) => areNames || !PROSE.has(key) || typeof one !== 'string')
      .map(([key, one]) => [
        key,
        withoutProse(one, !areNames && (key === 'properties' || key === 'format' || key === 'formats')),
      ]),
  )
}

const keyOf = (row) => JSON.parse(row).key.replace(/\d+$/, '')

rmSync(out, {recursive: true, force: true})
for (const release of ['8.4', '9.2']) {
  const contract = withoutProse(JSON.parse(read(`pve-${release}.json`)))
  write(`pve-${release}.json.gz`, gzipSync(JSON.stringify(contract), {level: 9}))
}
for (const part of ['daemon', 'clients', 'live'])
  for (const name of names(part, '.jsonl')) writeLines(name, scenario(name.replace(/\.jsonl$/, '')))
for (const name of names('daemon/tables', '.jsonl')) {
  const rows = linesOf(name)
  const keys = [...new Set(rows.map(keyOf))]
  // All values of a key, as they follow each other on one guest; of the short tables all keys.
  const taken = new Set(rows.length > 50 ? keys.filter((_, index) => index % 4 === 0) : keys)
  writeLines(
    name,
    rows.filter((row) => taken.has(keyOf(row))),
  )
}
for (const name of names('recorded', '.json')) {
  const records = recordsOf(name).filter((text) => text.length <= RECORDED.longest || RECORDED.but.test(text))
  writeArray(
    name,
    firstOf(records, 1, ({method, path: at, status}) => `${method} ${at.replace(/\d+/g, 'N')} ${status}`),
  )
}
for (const name of ['config-files', 'property-strings', 'scalars', 'validation'])
  writeArray(
    `oracle/${name}.json`,
    firstOf(recordsOf(`oracle/${name}.json`), 2, ({op, key, format, schema_ref: call}) => `${[op, key, format, call]}`),
  )

// Of the failures that are known their names, as test/contract/failures.test.ts has them.
const section = /^## 8\. Failures\n([^]*?)^## 9/m.exec(read('FACTS.md'))[1]
const failures = [...section.matchAll(/^\| ([^|]+?) \|/gm)]
  .map((match) => match[1])
  .filter((name) => !['case', '---'].includes(name))
write('failures.json', `${JSON.stringify([...new Set(failures)].sort(), null, 2)}\n`)
