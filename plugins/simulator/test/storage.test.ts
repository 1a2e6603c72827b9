import {expect} from 'chai'
import {createHash} from 'node:crypto'
import {request} from 'node:https'
import {markBackups, type Prunable} from '../src/storage/prune.js'
import {Lab, type Answer} from './support.js'

type Entry = Record<string, unknown> & {volid: string}

/** Sends a file as browsers and clients do: fields first, then the file. */
function upload(lab: Lab, path: string, fields: [string, string][], name: string, data: string): Promise<Answer> {
  const {url, ca, tokenId, tokenSecret} = lab.simulator
  const boundary = 'a-boundary'
  const part = (head: string, value: string): string =>
    `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`
  const body =
    fields.map(([key, value]) => part(`name="${key}"`, value)).join('') +
    part(`name="filename"; filename="${name}"\r\nContent-Type: application/octet-stream`, data) +
    `--${boundary}--\r\n`
  const headers = {
    Authorization: `PVEAPIToken=${tokenId}=${tokenSecret}`,
    'Content-Type': `multipart/form-data; boundary=${boundary}`,
    'Content-Length': String(Buffer.byteLength(body)),
  }
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}/api2/json${path}`, {method: 'POST', ca, headers}, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          reason: response.statusMessage ?? '',
          headers: response.headers,
          text,
          body: (text.startsWith('{') ? JSON.parse(text) : {}) as Answer['body'],
        }),
      )
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

describe('storages of the simulator', () => {
  let lab: Lab
  before(async () => {
    lab = await Lab.start({seed: 'daemon'})
    delete lab.simulator.simulation.state.world.offline
    delete lab.simulator.simulation.state.world.lacks
  })
  after(() => lab.stop())

  const at = '/nodes/pve1/storage'
  const list = (storage: string, query = ''): Promise<Entry[]> => lab.get<Entry[]>(`${at}/${storage}/content${query}`)

  async function ended(upid: string): Promise<{exit: string; log: string[]}> {
    const task = `/nodes/pve1/tasks/${upid}`
    for (;;) {
      const {status, exitstatus} = await lab.get<{status: string; exitstatus?: string}>(`${task}/status`)
      if (status === 'running') continue
      const log = await lab.get<{t: string}[]>(`${task}/log?limit=0`)
      return {exit: exitstatus ?? '', log: log.map(({t}) => t)}
    }
  }

  it('takes files as multipart forms, checks their sums, and writes names that are safe', async () => {
    const data = 'x'.repeat(600_000)
    const sum = createHash('sha256').update(data).digest('hex')
    const sent = await upload(
      lab,
      `${at}/local/upload`,
      [
        ['content', 'iso'],
        ['checksum-algorithm', 'sha256'],
        ['checksum', sum.toUpperCase()],
      ],
      'a b&c.ISO',
      data,
    )
    expect(sent.status).to.equal(200)
    const {exit, log} = await ended(sent.body.data as string)
    expect(exit).to.equal('OK')
    expect(log).to.include.members([
      'calculating checksum...OK, checksum verified',
      'target file: /var/lib/vz/template/iso/a_b_c.ISO',
      'file size is: 600000',
      'finished file import successfully',
    ])
    const [found] = (await list('local', '?content=iso')).filter(({volid}) => volid === 'local:iso/a_b_c.ISO')
    expect(found).to.include({size: 600_000, format: 'iso', content: 'iso'})
  })

  it('refuses a file with another sum, a wrong name or field, and any other body', async () => {
    const bad = await upload(
      lab,
      `${at}/local/upload`,
      [
        ['content', 'vztmpl'],
        ['checksum-algorithm', 'md5'],
        ['checksum', '0'.repeat(32)],
      ],
      'x.tar.zst',
      'y',
    )
    expect((await ended(bad.body.data as string)).exit).to.match(/^checksum mismatch: got '\w{32}' != expect '0{32}'$/)
    const named = await upload(lab, `${at}/local/upload`, [['content', 'iso']], 'x.txt', 'y')
    expect(named.body.errors).to.deep.equal({filename: 'wrong file extension'})
    const image = await upload(lab, `${at}/local/upload`, [['content', 'import']], 'x.img', 'y')
    expect(image.body.errors).to.deep.equal({filename: 'invalid filename or wrong extension'})
    const elsewhere = await upload(lab, `${at}/onlyiso/upload`, [['content', 'vztmpl']], 'x.tar.zst', 'y')
    expect(elsewhere.reason).to.equal(`storage 'onlyiso' does not support 'vztmpl' content`)
    const form = await lab.send(`${at}/local/upload`, {method: 'POST', form: {content: 'iso', filename: 'x.iso'}})
    expect(form.status).to.equal(506)
    expect(await list('local', '?content=vztmpl')).to.have.length(1)
  })

  it('downloads what the world has, once, and tells of it before', async () => {
    const url = 'https://example.com/debian.qcow2'
    lab.simulator.simulation.state.world.urls = {[url]: {size: 1234, checksum: 'ab'.repeat(16)}}
    expect(await lab.get(`/nodes/pve1/query-url-metadata?url=${encodeURIComponent(url)}`)).to.include({
      filename: 'debian.qcow2',
      size: 1234,
    })
    const form = {content: 'import', filename: 'debian.qcow2', url}
    expect(await lab.run('POST', `${at}/local/download-url`, form)).to.equal('OK')
    expect(await lab.run('POST', `${at}/local/download-url`, form)).to.equal(
      `refusing to override existing file '/var/lib/vz/import/debian.qcow2'`,
    )
    const checked = {...form, filename: 'other.qcow2', checksum: 'cd'.repeat(16), 'checksum-algorithm': 'md5'}
    expect(await lab.run('POST', `${at}/local/download-url`, checked)).to.match(/^checksum mismatch: got 'abab/)
  })

  it('makes volumes by the rules of each type', async () => {
    const make = async (storage: string, form: Record<string, string>): Promise<string> => {
      const answer = await lab.send(`${at}/${storage}/content`, {
        method: 'POST',
        form: {vmid: '100', size: '1G', ...form},
      })
      return answer.status === 200
        ? (answer.body.data as string)
        : answer.body.errors
          ? JSON.stringify(answer.body.errors)
          : answer.reason
    }
    await lab.run('POST', '/storage', {storage: 'thin', type: 'lvmthin', vgname: 'vg', thinpool: 'tp'})
    await lab.run('POST', '/storage', {storage: 'tank', type: 'zfspool', pool: 'tank'})
    await lab.run('POST', '/storage', {storage: 'luns', type: 'iscsi', portal: '192.0.2.1', target: 'iqn.x'})
    expect(await make('local', {filename: 'vm-100-disk-9.qcow2'})).to.equal('local:100/vm-100-disk-9.qcow2')
    expect(await make('local', {filename: 'vm-100-disk-8.raw', format: 'qcow2'})).to.equal(
      '{"format":"different storage formats (qcow2 != raw)"}',
    )
    expect(await make('thin', {filename: 'vm-100-disk-0'})).to.equal('thin:vm-100-disk-0')
    expect(await make('thin', {filename: 'vm-101-x'})).to.equal(`illegal name 'vm-101-x' - should be 'vm-100-*'`)
    expect(await make('thin', {filename: 'vm-100-x', format: 'qcow2'})).to.equal(`unsupported format 'qcow2'`)
    expect(await make('tank', {filename: 'subvol-100-disk-0', format: 'subvol'})).to.equal('tank:subvol-100-disk-0')
    expect(await make('luns', {filename: 'vm-100-disk-0'})).to.equal(`can't allocate space in iscsi storage`)
    const wrong = await lab.send(`${at}/thin/content/thin:foo`)
    expect(wrong.reason).to.equal(`unable to parse lvm volume name 'foo'`)
  })

  it('knows the options of each type, and drops content that a type cannot hold', async () => {
    const refused = async (form: Record<string, string>): Promise<string> =>
      (await lab.send('/storage', {method: 'POST', form: {storage: 'new', ...form}})).reason
    expect(await refused({type: 'lvm', vgname: 'x', path: '/x'})).to.equal(`unexpected property 'path'`)
    expect(await refused({type: 'nfs', server: 'x'})).to.equal(`missing value for required option 'export'`)
    expect(await refused({type: 'dir', path: '/x', content: 'none,iso'})).to.equal(
      `unable to combine 'none' with other content types`,
    )
    await lab.run('POST', '/storage', {storage: 'vg1', type: 'lvm', vgname: 'x', content: 'images,iso'})
    expect(await lab.get('/storage/vg1')).to.include({content: 'images'})
    const key = await lab.send('/storage', {
      method: 'POST',
      form: {storage: 'pb', type: 'pbs', server: 'b', datastore: 's', 'encryption-key': 'autogen'},
    })
    expect((key.body.data as {config: Record<string, string>}).config['encryption-key']).to.match(/^\{"kdf":null/)
    const {fingerprint} = JSON.parse(
      (key.body.data as {config: Record<string, string>}).config['encryption-key']!,
    ) as Record<string, string>
    expect(await lab.get('/storage/pb')).to.include({'encryption-key': fingerprint})
    const fixed = await lab.send('/storage/pb', {method: 'PUT', form: {server: 'c'}})
    expect(fixed.reason).to.equal(`update storage failed: can't change value of fixed parameter 'server'`)
  })

  it('answers 200 to a deletion that ends within its delay, and an error to one that fails', async () => {
    const volume = 'local:100/vm-100-disk-9.qcow2'
    const done = await lab.send(`${at}/local/content/${volume}?delay=5`, {method: 'DELETE'})
    expect([done.status, done.body.data]).to.deep.equal([200, null])
    const archive = 'local:backup/vzdump-qemu-100-2026_01_01-00_00_00.vma.zst'
    await lab.run('PUT', `${at}/local/content/${archive}`, {protected: '1'})
    const refused = await lab.send(`${at}/local/content/${archive}?delay=5`, {method: 'DELETE'})
    expect(refused.reason).to.equal(
      `cannot remove protected volume 'backup/vzdump-qemu-100-2026_01_01-00_00_00.vma.zst' on 'local'`,
    )
  })

  it('lists snippets and images to import for every guest, as PVE does', async () => {
    const kinds = new Set((await list('local', '?vmid=4711')).map(({content}) => content))
    expect([...kinds].sort()).to.deep.equal(['import', 'snippets'])
  })
})

describe('which backups pruning keeps', () => {
  const marks = (days: string[], keep: Record<string, number>): string => {
    const group: Prunable[] = days.map((day) => ({ctime: Date.parse(`${day}Z`) / 1000}))
    markBackups(group, keep)
    return group.map(({mark}) => (mark === 'keep' ? 'k' : 'r')).join('')
  }
  // Newest first, so that the marks read in that order.
  const days = [
    '2026-03-02T04:00',
    '2026-03-02T03:00',
    '2026-03-01T03:00',
    '2026-02-28T03:00',
    '2026-01-31T03:00',
    '2025-12-31T03:00',
  ]

  it('takes the newest of each span, older spans first where a newer option has kept one', () => {
    expect(marks(days, {'keep-last': 1})).to.equal('krrrrr')
    expect(marks(days, {'keep-daily': 2})).to.equal('krkrrr')
    expect(marks(days, {'keep-last': 1, 'keep-daily': 1})).to.equal('krkrrr')
    expect(marks(days, {'keep-monthly': 3})).to.equal('krrkkr')
    expect(marks(days, {'keep-yearly': 2})).to.equal('krrrrk')
    // Monday the 2nd begins a week; the 1st and the day before it are of one.
    expect(marks(days, {'keep-weekly': 2})).to.equal('krkrrr')
    expect(marks(days, {'keep-all': 1})).to.equal('kkkkkk')
    expect(marks(days, {'keep-last': 0})).to.equal('kkkkkk')
  })
})
