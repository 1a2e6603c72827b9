import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {textOf, type ByteString, type Known} from 'pmpc/kit/anonymize'
import {writeGit} from 'pmpc/kit/git'
import {binaryError} from '../errors.js'
import {lookInto, rewritten} from './entries.js'
import {commitOf, differences, headed, personIn, readHistory, Trees, type Commit, type History} from './history.js'
import type {Format, Rewriting, Source} from './model.js'
import {placesOf} from './places.js'
import {bytesOfSource} from './source.js'

/** A history of Git's, in a bundle. It is made anew, so that nothing of the old one is in it: signatures are not kept. */
export const bundleFormat: Format = {
  async look(source, look) {
    const history = readHistory(source.name, await bytesOfSource(source))
    look.known?.(peopleOf(history.commits))
    const seen = new Set<string>()
    const trees = new Trees(history)
    for (const [at, commit] of history.commits.entries()) {
      look.signal.throwIfAborted()
      look.text?.(messageText(commit), {file: `${source.name}, commit ${at + 1}`, line: 0, column: 0})
      for (const [path, {mode, oid}] of trees.files(commit.tree)) {
        if (mode === MODULE || mode === LINK || seen.has(oid)) continue
        seen.add(oid)
        await lookInto(path, history.pack.object(oid).content, look)
      }
    }
  },
  async rewrite(source, rewriting, write) {
    const history = readHistory(source.name, await bytesOfSource(source))
    if (history.commits.length === 0) throw binaryError(source.name, 'a bundle without commits')
    const stream = new Stream(source, history, rewriting)
    await write(await bundled(await stream.whole(), history, stream.names))
  },
}

const MODULE = '160000'
const LINK = '120000'

/** Authors and committers, word by word: known from the beginning, as they are named in texts as well. */
function peopleOf(commits: readonly Commit[]): Known[] {
  const lines = new Set(commits.flatMap(({author, committer}) => [author, committer]))
  const names = [...lines].flatMap((line) => personIn(line)?.name.split(/[\s.,()]+/) ?? [])
  return [...new Set(names)].filter((name) => name.length > 1).map((name) => ({kind: 'person', value: textOf(name)}))
}

const messageText = ({author, committer, message}: Commit): ByteString => {
  const lines = new Set([author, committer].map((line) => personIn(line)).map((person) => person && personText(person)))
  return [...lines].filter((line) => line !== undefined).join('\n') + `\n\n${message}`
}

const personText = ({name, mail}: {name: ByteString; mail: ByteString}): ByteString => `Author: ${name} <${mail}>`

/** What `git fast-import` reads; see its manual. */
class Stream {
  /** What each reference is called now. */
  readonly names: Named[] = []
  private readonly parts: Buffer[] = []
  private readonly marks = new Map<string, number>()
  private readonly blobs = new Map<string, number | undefined>()
  private readonly trees: Trees
  private last = 0

  constructor(
    private readonly source: Source,
    private readonly history: History,
    private readonly rewriting: Rewriting,
  ) {
    this.trees = new Trees(history)
  }

  async whole(): Promise<Buffer> {
    for (const commit of this.history.commits) await this.commit(commit)
    for (const {oid, name} of this.history.refs) this.reference(oid, name)
    return Buffer.concat(this.parts)
  }

  private async commit(commit: Commit): Promise<void> {
    this.rewriting.signal.throwIfAborted()
    const [first] = commit.parents
    const before = first === undefined ? new Map<ByteString, never>() : this.trees.files(this.treeOf(first))
    const {changed, gone} = differences(before, this.trees.files(commit.tree))
    const lines = gone.map((path) => `D ${this.path(path)}`)
    for (const [path, {mode, oid}] of changed) {
      const mark = await this.file(path, mode, oid)
      // What is left out now may have been there before, in another form.
      lines.push(mark === undefined ? `D ${this.path(path)}` : `M ${mode} :${mark} ${this.path(path)}`)
    }
    if (first === undefined) this.put(`reset ${WORK}\n\n`)
    this.put(`commit ${WORK}\nmark :${++this.last}\n`)
    this.marks.set(commit.oid, this.last)
    this.put(`author ${this.person(commit.author)}\ncommitter ${this.person(commit.committer)}\n`)
    if (commit.encoding !== undefined) this.put(`encoding ${commit.encoding}\n`)
    this.data(this.text(commit.message, `${this.source.name}, commit ${this.marks.size}`))
    for (const [at, parent] of commit.parents.entries())
      this.put(`${at === 0 ? 'from' : 'merge'} :${this.marks.get(parent)}\n`)
    this.put(lines.map((line) => `${line}\n`).join(''))
    this.put('\n')
  }

  private treeOf(commit: string): string {
    return headed(this.history.pack.object(commit).content).lines.find(([key]) => key === 'tree')?.[1] ?? ''
  }

  /** Writes a file's bytes, once. Undefined: it is left out. */
  private async file(path: ByteString, mode: string, oid: string): Promise<number | undefined> {
    if (mode === MODULE) return void this.rewriting.leaveOut(this.rewriting.shown(path), "another repository's commit")
    const key = `${mode === LINK} ${oid}`
    if (this.blobs.has(key)) return this.blobs.get(key)
    const {content} = this.history.pack.object(oid)
    const bytes =
      mode === LINK
        ? Buffer.from(this.rewriting.treatment.path(content.toString('latin1')), 'latin1')
        : await rewritten(path, content, this.rewriting)
    if (bytes !== undefined) {
      this.put(`blob\nmark :${++this.last}\n`)
      this.data(bytes.toString('latin1'))
    }
    const mark = bytes === undefined ? undefined : this.last
    this.blobs.set(key, mark)
    return mark
  }

  private reference(oid: string, name: ByteString): void {
    const commit = commitOf(oid, this.history.pack)
    if (commit === undefined) return this.rewriting.leaveOut(this.rewriting.shown(name), 'a name of no commit')
    if (name === 'HEAD') return
    const to = this.refName(name)
    const {type, content} = this.history.pack.object(oid)
    if (type === 'tag' && to.startsWith('refs/tags/')) this.tag(to.slice('refs/tags/'.length), commit, content)
    else this.put(`reset ${to}\nfrom :${this.marks.get(commit)}\n\n`)
    this.names.push({name, oid, to})
  }

  private tag(name: ByteString, commit: string, content: Buffer): void {
    const {lines, message} = headed(content)
    const tagger = lines.find(([key]) => key === 'tagger')?.[1]
    const [text = ''] = message.split('-----BEGIN PGP SIGNATURE-----')
    this.put(`tag ${name}\nfrom :${this.marks.get(commit)}\n`)
    if (tagger !== undefined) this.put(`tagger ${this.person(tagger)}\n`)
    this.data(this.text(text, `${this.source.name}, a tag`))
  }

  /** `refs/heads/alice/web` with what it tells rewritten, and what no reference may hold replaced. */
  private refName(name: ByteString): ByteString {
    const [, kind = '', rest = name] = /^(refs\/[^/]+\/)(.*)$/s.exec(name) ?? []
    return kind + this.rewriting.treatment.path(rest).replaceAll(/[\0-\x20~^:?*[\\\x7f]/g, '-')
  }

  private text(text: ByteString, file: string): ByteString {
    const {treatment} = this.rewriting
    const after = treatment.rewrite(text)
    const found = treatment.left(after)
    if (found.length > 0) this.rewriting.left(placesOf(after, found, {file, line: 0, column: 0}))
    return after
  }

  /** Somebody in the line of a commit. */
  private person(line: ByteString): ByteString {
    const person = personIn(line)
    if (!person) return 'unknown <unknown> 0 +0000'
    const after = this.text(personText(person), this.source.name).replace(/^Author: /, '')
    return /^[^<>\n]*<[^<>\n]*>$/.test(after)
      ? `${after.trimStart()} ${person.when}`
      : `unknown <unknown> ${person.when}`
  }

  private path(path: ByteString): ByteString {
    const after = this.rewriting.treatment.path(path)
    return `"${after.replaceAll(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`
  }

  private data(text: ByteString): void {
    this.put(`data ${text.length}\n${text}\n`)
  }

  private put(text: ByteString): void {
    this.parts.push(Buffer.from(text, 'latin1'))
  }
}

/** A reference, and what it is called now. */
interface Named {
  name: ByteString
  oid: string
  to: ByteString
}

/** The reference that all commits are written with; it is in no bundle. */
const WORK = 'refs/pmpc/work'

/** A bundle of what fast-import makes. On the disk is only what was rewritten. */
async function bundled(stream: Buffer, {hash, refs}: History, names: readonly Named[]): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'pmpc-bundle-'))
  const repository = join(folder, 'repository.git')
  const env = {GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1'}
  const git = async (args: string[], input?: Buffer) => writeGit(repository, args, {env, ...(input && {input})})
  try {
    await writeGit(folder, ['init', '--quiet', '--bare', '--template=', `--object-format=${hash}`, repository], {env})
    await git(['fast-import', '--quiet', '--force'], stream)
    const head = refs.find(({name}) => name === 'HEAD')?.oid
    const branch = names.find(({name, oid}) => oid === head && name.startsWith('refs/heads/'))
    if (branch) await git(['symbolic-ref', 'HEAD', Buffer.from(branch.to, 'latin1').toString('utf8')])
    const list = [...(branch ? ['HEAD'] : []), ...names.map(({to}) => to)].map((name) => `${name}\n`).join('')
    await git(['bundle', 'create', '--quiet', 'made.bundle', '--stdin'], Buffer.from(list, 'latin1'))
    return readFileSync(join(repository, 'made.bundle'))
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}
