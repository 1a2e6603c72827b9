import {expect} from 'chai'
import {CATALOGUE, explainId, explainText, hintFor} from '../../../src/kit/catalogue/index.js'
import {readFailure} from '../../../src/kit/proxmox/index.js'
import {EXAMPLES} from './examples.js'

const idsOf = (text: string): string[] => explainText(text).map(({id}) => id)

/** A text with its holes filled in. */
function filled(text: string): string {
  const words: Record<string, string> = {
    vmid: '100',
    n: '12',
    any: 'some words',
    user: 'ops@pve!sync',
    path: '/a/b-1.raw',
  }
  return text.replaceAll(/\{([a-z]+)\}/g, (_, name: string) => words[name] ?? 'word-1')
}

describe('the catalogue of errors', () => {
  it('has at least 80 rows, of Proxmox VE, Terraform, Ansible, Git and TLS', () => {
    expect(CATALOGUE.length).to.be.at.least(80)
    expect(new Set(CATALOGUE.map(({source}) => source))).to.deep.equal(
      new Set(['Proxmox VE', 'Terraform', 'Ansible', 'Git', 'TLS']),
    )
  })

  it('has an example of each row, and no other', () => {
    expect(Object.keys(EXAMPLES).sort()).to.deep.equal(CATALOGUE.map(({id}) => id).sort())
  })

  it('says of each row what it means, why, what to type and where it was seen', () => {
    for (const {id, meaning, causes, steps, seen, texts} of CATALOGUE) {
      expect(id).to.match(/^[A-Z]+(-[A-Z]+)?-\d{3}$/)
      expect(meaning, id).to.match(/^[A-Z].*\.$/)
      for (const list of [causes, steps, texts]) expect(list, id).not.to.deep.equal([])
      expect(seen, id).not.to.equal('')
    }
  })

  for (const row of CATALOGUE) {
    const {real, near} = EXAMPLES[row.id] ?? {real: '', near: ''}

    it(`${row.id} explains ${real.slice(0, 80).replaceAll('\n', ' ')}`, () => {
      expect(idsOf(real)[0]).to.equal(row.id)
    })

    it(`${row.id} does not explain ${near.slice(0, 80)}`, () => {
      expect(idsOf(near)).not.to.include(row.id)
    })

    it(`${row.id} is found by each of its texts, also where it is broken into lines, coloured and framed`, () => {
      for (const text of row.texts.map(filled)) {
        expect(idsOf(text)[0], text).to.equal(row.id)
        const framed = `\u001B[31m│ Error:\u001B[0m ${text.replaceAll(' ', '\n│ ').toUpperCase()}`
        expect(idsOf(framed), framed).to.include(row.id)
      }
    })
  }

  it('gives what the API answers the same code as the client of the API does', () => {
    const write = {method: 'PUT', path: '/nodes/pve1/qemu/100/config', endpoint: 'https://192.0.2.10:8006'}
    for (const row of CATALOGUE.filter(({source, code}) => source === 'Proxmox VE' && code !== undefined)) {
      const codes = row.texts.map((text) => codeOf(filled(text), write))
      expect(codes, row.id).to.include(row.code)
    }
  })
})

/** The code under which pmpc tells a text of Proxmox VE's. */
function codeOf(text: string, call: {method: string; path: string}): string {
  const status = Number(/^(\d{3}) /.exec(text)?.[1] ?? statusOf(text))
  const reason = text.replace(/^\d{3} /, '')
  const body = status >= 595 || status === 401 ? '' : JSON.stringify({data: null, message: reason})
  const read = {...call, method: 'GET'}
  return readFailure({status, reason, contentType: 'application/json', body}, status >= 595 ? read : call).error.code
}

/** With which status Proxmox VE says it, where the text does not tell. */
function statusOf(text: string): number {
  if (
    /ticket|token|no such user|user .* is disabled|access expired|authentication failure/i.test(text) &&
    !/need proper/.test(text)
  )
    return 401
  if (/^Permission check|only allowed for|need proper/.test(text)) return 403
  if (/Parameter|property|hotplug|no such task|type check|does not look like/.test(text)) return 400
  return /certificate verify failed/.test(text) ? 596 : 500
}

describe('what is found in a text', () => {
  it('is filled into the steps, where it needs no quotes', () => {
    const [match] = explainText(`can't lock file '/var/lock/qemu-server/lock-117.conf' - got timeout`)
    expect(match?.steps[0]).to.equal('pmpc task list --guest 117 --status running')
    const [hostile] = explainText(
      `storage 'a$(reboot)b' does not exist\ncfs-lock 'storage-$(reboot)' error: got lock request timeout`,
    )
    expect(JSON.stringify(hostile ?? {})).not.to.include('reboot')
  })

  it('is told of each error in it, the row that says most of each place', () => {
    const text = `VM is locked (backup)\nTASK ERROR: cfs-lock 'storage-nfs' error: got lock request timeout\nVM is locked (clone)`
    expect(idsOf(text)).to.deep.equal(['PVE-LOCK-002', 'PVE-LOCK-003'])
  })

  it('is found as JSON, HTML and word processors print it', () => {
    for (const text of [
      `storage \\'nfs\\' is not online`,
      'storage &#39;nfs&#39; is not online',
      'storage ‘nfs’ is not\\nonline',
    ])
      expect(idsOf(text), text).to.deep.equal(['PVE-STORAGE-003'])
  })

  it('is nothing in nothing, and in what is no error', () => {
    for (const text of ['', ' ', '\0', 'hello', '{any}', 'ok: 3 guests']) expect(idsOf(text)).to.deep.equal([])
  })

  it('takes a time that grows with the text and no faster, whatever the text', () => {
    const beginnings = CATALOGUE.flatMap(({texts}) => texts).map((text) => text.split('{')[0] ?? '')
    for (const begun of ['x', ...beginnings.filter((_, index) => index % 40 === 0)]) {
      const [short, long] = [100_000, 1_000_000].map((size) => {
        const text = begun.repeat(size / begun.length)
        const from = process.cpuUsage()
        explainText(text)
        const {user, system} = process.cpuUsage(from)
        return (user + system) / 1000
      }) as [number, number]
      expect(long, `${begun}: ${short} ms for a tenth`).to.be.lessThan(10 * 4 * Math.max(short, 20))
    }
  }).timeout(60_000)
})

describe('an id of the catalogue', () => {
  it('is found in any letters', () => {
    expect(explainId('pve-lock-001')?.id).to.equal('PVE-LOCK-001')
    expect(explainId('PVE-LOCK-999')).to.equal(undefined)
  })
})

describe('the hint of an error', () => {
  it('is a command to type, with what it means', () => {
    expect(hintFor([`PUT /x: storage 'nfs' is not online`])).to.equal(
      'pmpc explain PVE-STORAGE-003   # The server of the storage does not answer.',
    )
    expect(hintFor(['nothing that is known'])).to.equal(undefined)
  })
})
