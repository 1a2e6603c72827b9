import {readFileSync, readdirSync} from 'node:fs'
import path from 'node:path'
import type {ByteString, FindKind, Known} from '../../src/kit/anonymize/model.js'

/** What a label says of its text: what kind of thing it tells, or that it must stay. */
export type LabelKind = FindKind | 'keep'

/** A labelled place; offsets in the text as the engine sees it. */
export interface Label {
  kind: LabelKind
  start: number
  end: number
  /** It is a word of ordinary texts, too, so that it may stand elsewhere in what comes out. */
  weak: boolean
}

/** A file of the corpus without its mark-up. */
export interface Specimen {
  /** The file in `corpus/`, for people who look at a failure. */
  file: string
  /** Its name as the tool sees it. */
  name: string
  form: 'text' | 'json' | 'jsonl' | 'yaml'
  /** What is known before it is read, as from a recorded state. */
  known: Known[]
  /** What lies on the disk, in the file's own encoding. */
  bytes: Buffer
  /** What the engine sees: UTF-8, one character a byte. */
  text: ByteString
  labels: Label[]
}

const corpus = path.join(import.meta.dirname, 'corpus')
const HEAD = /^⟦corpus name=(\S+)((?: [^⟧]+)?)⟧\n/
const LABEL = /⟦(\w+)(~?):([^⟧]*)⟧/g

const bytesOf = (text: string): ByteString => Buffer.from(text, 'utf8').toString('latin1')

function knownOf(options: readonly string[]): Known[] {
  const told = options.find((option) => option.startsWith('known='))?.slice('known='.length)
  return (told?.split(',') ?? []).map((each) => {
    const [kind, value] = each.split(':') as [FindKind, string]
    return {kind, value: bytesOf(value)}
  })
}

function encoded(text: ByteString, options: readonly string[]): Buffer {
  const utf8 = Buffer.from(text, 'latin1')
  return options.includes('encoding=utf-16le') ? Buffer.from(`\uFEFF${utf8.toString('utf8')}`, 'utf16le') : utf8
}

/**
 * Takes the mark-up away. `⟦kind:text⟧` is a label, `⟦kind~:text⟧` one of an ordinary word, `⟦⟧` nothing at all (it keeps secrets of a well-known
 * form from being taken for real ones by whoever scans this repository), and `␛` the character that starts colours. The first line tells the name
 * and the options: `crlf`, `encoding=utf-16le`, `json`, `jsonl`, `yaml`, `known=host:a,domain:b`.
 */
export function unmarked(file: string, marked: string): Specimen {
  const head = HEAD.exec(marked)
  if (!head) throw new Error(`${file} has no head`)
  const options = head[2]!.trim().split(' ')
  let body = marked.slice(head[0].length).replaceAll('⟦⟧', '').replaceAll('␛', '\u001B')
  if (options.includes('crlf')) body = body.replaceAll('\n', '\r\n')
  const labels: Label[] = []
  let text = ''
  let from = 0
  for (const found of body.matchAll(LABEL)) {
    text += bytesOf(body.slice(from, found.index))
    const start = text.length
    text += bytesOf(found[3]!)
    labels.push({kind: found[1] as LabelKind, start, end: text.length, weak: found[2] === '~'})
    from = found.index + found[0].length
  }
  text += bytesOf(body.slice(from))
  const form = (['json', 'jsonl', 'yaml'] as const).find((each) => options.includes(each)) ?? 'text'
  return {file, name: head[1]!, form, known: knownOf(options), bytes: encoded(text, options), text, labels}
}

/** One half of the corpus: what whoever writes the engine may look at, or what is held back from him. */
export function readCorpus(half: 'open' | 'held'): Specimen[] {
  const folder = half === 'open' ? corpus : path.join(corpus, 'held')
  return readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .sort()
    .map((file) => unmarked(file, readFileSync(path.join(folder, file), 'utf8')))
}
