import {expect} from 'chai'
import fc from 'fast-check'
import {cutTo, displayWidth, padTo, painter, plain, shown, table, type Column} from '../../../src/kit/cli/index.js'

interface Guest {
  id: number
  name: string | null
}

const columns: Column<Guest>[] = [
  {header: 'ID', value: (guest) => guest.id, align: 'right', fixed: true},
  {header: 'NAME', value: (guest) => guest.name},
]

describe('table', () => {
  it('prints columns two blanks apart, numbers to the right, and no blanks at the end of a line', () => {
    const rows = [
      {id: 9, name: 'web'},
      {id: 100, name: null},
    ]
    expect(table(rows, columns)).to.equal(' ID  NAME\n  9  web\n100\n')
  })

  it('prints nothing for nothing, and no header where none is wanted', () => {
    expect(table([], columns, {headers: false})).to.equal('')
    expect(table([{id: 1, name: 'a'}], columns, {headers: false})).to.equal('1  a\n')
  })

  it('aligns names of wide characters', () => {
    const rows = [
      {id: 1, name: '日本'},
      {id: 2, name: 'ab'},
    ]
    const text = table(rows, [...columns, {header: 'X', value: () => 'x'}])
    expect(text).to.equal('ID  NAME  X\n 1  日本  x\n 2  ab    x\n')
  })

  it('cuts the widest column where a terminal is too narrow, and never a fixed one', () => {
    const text = table([{id: 123456, name: 'a-very-long-name-of-a-guest'}], columns, {width: 20})
    expect(text).to.equal('    ID  NAME\n123456  a-very-long…\n')
  })

  it('keeps control characters of a name from rewriting the terminal', () => {
    expect(table([{id: 1, name: 'a\u001B[2Jb\nc'}], columns, {headers: false})).to.equal('1  a\\u001b[2Jb\\u000ac\n')
    // Counted as it is shown: what comes next stands below its heading.
    const text = table([{id: 1, name: '\u202E'}], [columns[1]!, columns[0]!])
    expect(text).to.equal('NAME    ID\n\\u202e   1\n')
  })

  it('colours a cell without moving its neighbours', () => {
    const paint = (color: string, text: string): string => `<${color}>${text}</>`
    const text = table([{id: 1, name: 'a'}], [{...columns[0]!, color: () => 'red'}, columns[1]!], {
      headers: false,
      paint,
    })
    expect(text).to.equal('<red>1</>  a\n')
  })

  it('never prints a line wider than the terminal while a column may shrink', () => {
    const row = fc.record({id: fc.integer({min: 0, max: 999}), name: fc.string({unit: 'grapheme', maxLength: 80})})
    fc.assert(
      fc.property(fc.array(row, {maxLength: 8}), fc.integer({min: 12, max: 60}), (rows, width) => {
        const lines = table(rows, columns, {width}).split('\n')
        return lines.every((line) => displayWidth(line) <= width)
      }),
    )
  })
})

describe('a table on a narrow terminal', () => {
  const guest = {
    id: 123,
    name: 'database-primary-01',
    status: 'running',
    node: 'pve-rack-2',
    cores: 16,
    memory: 131072,
    tags: 'production,database,postgresql,backup-daily',
    pool: 'customers',
  }
  type Row = typeof guest
  const all: Column<Row>[] = [
    {header: 'VMID', value: ({id}) => id, align: 'right', fixed: true},
    {header: 'NAME', value: ({name}) => name, keep: true},
    {header: 'STATUS', value: ({status}) => status, keep: true},
    {header: 'NODE', value: ({node}) => node},
    {header: 'CORES', value: ({cores}) => cores, align: 'right'},
    {header: 'MEMORY', value: ({memory}) => memory, align: 'right'},
    {header: 'TAGS', value: ({tags}) => tags},
    {header: 'POOL', value: ({pool}) => pool},
  ]
  const cases: [number, string, string][] = [
    [
      120,
      'VMID  NAME                 STATUS   NODE        CORES  MEMORY  TAGS                                         POOL',
      ' 123  database-primary-01  running  pve-rack-2     16  131072  production,database,postgresql,backup-daily  customers',
    ],
    [
      80,
      'VMID  NAME                 STATUS   NODE      CORES  MEMORY  TAGS      POOL',
      ' 123  database-primary-01  running  pve-rac…     16  131072  product…  customers',
    ],
    [
      60,
      'VMID  NAME              STATUS   NODE   CORES  MEMORY  TAGS',
      ' 123  database-primar…  running  pve-…     16  131072  prod…',
    ],
  ]
  for (const [width, heading, row] of cases) {
    it(`keeps names, and never cuts a number: ${width} columns`, () => {
      const [first, second] = table([guest], all, {width}).split('\n')
      expect([first, second]).to.deep.equal([heading, row])
    })
  }

  it('leaves out the last columns where nothing else helps, and names them', () => {
    expect(table([guest], all, {width: 40}).split('\n')).to.deep.equal([
      'VMID  NAME                STATUS   NODE',
      ' 123  database-primary-…  running  pve-…',
      '(too narrow for CORES, MEMORY, TAGS, PO…',
      '',
    ])
  })

  it('counts wide characters as two columns', () => {
    const text = table([{...guest, name: '日本語データベース主系統'}], all, {width: 60})
    for (const line of text.split('\n')) expect(displayWidth(line)).to.be.at.most(60)
    expect(text).to.include('日本語データベ…')
  })

  it('is never wider than the terminal down to 36 columns, whatever is in it', () => {
    const text = (most: number) => fc.string({unit: 'grapheme', maxLength: most})
    const row = fc.record({
      id: fc.integer({min: 100, max: 9999}),
      name: text(60),
      status: text(8),
      node: text(30),
      cores: fc.integer({min: 1, max: 64}),
      memory: fc.integer({min: 16, max: 999999}),
      tags: text(90),
      pool: text(30),
    })
    fc.assert(
      fc.property(fc.array(row, {minLength: 1, maxLength: 5}), fc.integer({min: 36, max: 130}), (rows, width) => {
        for (const line of table(rows, all, {width}).split('\n')) expect(displayWidth(line)).to.be.at.most(width)
      }),
    )
  })
})

describe('width of text', () => {
  it('counts what a terminal shows', () => {
    expect(displayWidth('abc')).to.equal(3)
    expect(displayWidth('日本')).to.equal(4)
    expect(displayWidth('✅⭐')).to.equal(4)
    expect(displayWidth('§ü')).to.equal(2)
    expect(displayWidth('e\u0301')).to.equal(1)
    process.env.FORCE_COLOR = '1'
    expect(displayWidth(painter(process.stdout)('red', 'red'))).to.equal(3)
    delete process.env.FORCE_COLOR
  })

  it('cuts and fills to columns, not characters', () => {
    expect(cutTo('日本語', 5)).to.equal('日本…')
    expect(cutTo('日本語', 4)).to.equal('日…')
    expect(padTo('日', 4)).to.equal('日  ')
    expect(padTo('a', 3, 'right')).to.equal('  a')
  })
})

describe('colour', () => {
  const stream = (isTTY: boolean): NodeJS.WritableStream & {isTTY: boolean} =>
    Object.assign(Object.create(process.stdout) as typeof process.stdout, {isTTY})
  let saved: NodeJS.ProcessEnv
  beforeEach(() => {
    saved = {...process.env}
    delete process.env.NO_COLOR
    delete process.env.FORCE_COLOR
    process.env.TERM = 'xterm'
  })
  afterEach(() => {
    process.env = {...saved}
  })

  it('is for terminals', () => {
    expect(shown(painter(stream(true) as never)('red', 'x'))).to.equal('\u001B[31mx\u001B[39m')
    expect(painter(stream(false) as never)('red', 'x')).to.equal('x')
  })

  it('is shown where we put it, and never where it came with a text: not even with our own codes in it', () => {
    const paint = painter(stream(true) as never)
    const foreign = '\u001B[31mError:\u001B[39m \u001B[2J\u009B1A'
    const escaped = '\\u001b[31mError:\\u001b[39m \\u001b[2J\\u009b1A'
    expect(shown(foreign)).to.equal(escaped)
    expect(shown(`a ${paint('bold', `b ${paint('green', foreign)}`)}\n`)).to.equal(
      `a \u001B[1mb \u001B[32m${escaped}\u001B[39m\u001B[22m\n`,
    )
  })

  it('obeys NO_COLOR, TERM=dumb and FORCE_COLOR', () => {
    process.env.TERM = 'dumb'
    expect(painter(stream(true) as never)('red', 'x')).to.equal('x')
    process.env.FORCE_COLOR = '1'
    expect(plain(painter(stream(false) as never)('red', 'x'))).to.equal('x')
    expect(painter(stream(false) as never)('red', 'x')).not.to.equal('x')
    delete process.env.FORCE_COLOR
    process.env.NO_COLOR = '1'
    process.env.TERM = 'xterm'
    expect(painter(stream(true) as never)('red', 'x')).to.equal('x')
  })
})
