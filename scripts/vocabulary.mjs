// node scripts/vocabulary.mjs scripts/vocabulary.txt FOLDER|LIST ...
// Makes the filter in src/kit/anonymize/vocabulary.ts anew: the words that manuals, documents and programs say. Folders are read through (manuals, documents, configurations, sources, messages in
// programs); a file is a list of words, all of which are taken. What was read last is told in docs/decisions/anonymize.md.
import {readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {gunzipSync} from 'node:zlib'

const sources = process.argv.slice(2)
const target = path.join(import.meta.dirname, '../src/kit/anonymize/vocabulary.ts')
/** In so many files a word stands, in small letters; with a capital letter, as names of makers and products do. */
const [FILES, FILES_CAPITAL] = [4, 25]
const [BITS_A_WORD, HASHES] = [8, 5]
const [small, capital] = [new Map(), new Map()]
const taken = new Set()

const isForeign = /\/man\/(?!man\d)|\/locale\//
/** Of languages that people write to each other in, and whose letters are those of Latin. */
const languages = /\/(?:man|locale)\/(?:cs|da|de|es|fi|fr|it|nb|nl|pl|pt|pt_BR|sv)(?:[./]|$)/
const left = /copyright|changelog|AUTHORS|CREDITS|MAINTAINERS|\.(?:png|jpg|svg|gif|pdf|ico|woff2?|pyc|js\.map)$/i

function* files(folder) {
  for (const entry of readdirSync(folder, {withFileTypes: true})) {
    const each = path.join(folder, entry.name)
    if (entry.isDirectory()) yield* files(each)
    else if (entry.isFile() && !left.test(each)) yield each
  }
}

function textOf(file) {
  const size = statSync(file).size
  if (size > 24_000_000) return ''
  let bytes = readFileSync(file)
  if (file.endsWith('.gz'))
    try {
      bytes = gunzipSync(bytes)
    } catch {
      return ''
    }
  const text = bytes.toString('latin1')
  if (!bytes.subarray(0, 8000).includes(0)) return size > 4_000_000 ? '' : text
  // Of a program its messages.
  return (text.match(/[\x20-\x7e\x80-\xff]{8,400}/g) ?? []).filter((run) => /[a-z]{3} [a-z]{2}/.test(run)).join('\n')
}

const count = (counts, words) => {
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
}

for (const source of sources) {
  if (statSync(source).isFile()) {
    for (const word of readFileSync(source, 'latin1')
      .toLowerCase()
      .match(/[a-z\x80-\xff]{3,24}/g) ?? [])
      taken.add(word)
    continue
  }
  for (const file of files(source)) {
    const foreign = isForeign.test(file)
    if (foreign && !languages.test(file)) continue
    const [lows, highs] = [new Set(), new Set()]
    for (const word of new Set(textOf(file).match(/[A-Za-z\x80-\xff]{3,24}/g) ?? []))
      if (/^[a-z\x80-\xff]+$/.test(word)) lows.add(word)
      else if (/^[A-Z][a-z\x80-\xff]+$/.test(word)) (foreign ? lows : highs).add(word.toLowerCase())
    count(small, lows)
    count(capital, highs)
  }
}
for (const [word, files] of small) if (files >= FILES) taken.add(word)
for (const [word, files] of capital) if (files >= FILES_CAPITAL) taken.add(word)

/** As `vocabulary.ts` has it. */
const SEED = 0x811c9dc5 | 0
const PRIME = 0x01000193
const size = Math.ceil((taken.size * BITS_A_WORD) / 8) * 8
const bits = Buffer.alloc(size / 8)
for (const word of taken) {
  let hash = SEED
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), PRIME)
  const step = Math.imul(hash ^ (hash >>> 15), 0x9e3779b1) | 1
  for (let i = 0; i < HASHES; i++) {
    const bit = ((Math.imul(step, i) + hash) >>> 0) % size
    bits[bit >> 3] |= 1 << (bit & 7)
  }
}
const text = bits.toString('base64').replaceAll(/.{160}/g, '$&\n')
writeFileSync(target, readFileSync(target, 'utf8').replace(/(?<=const bits = `\n)[^`]*/, `${text}\n`))
console.log(`${taken.size} words, ${size} bits`)
