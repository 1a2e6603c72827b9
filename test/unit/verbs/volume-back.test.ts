import {expect} from 'chai'
import type {Config} from '../../../src/kit/resources/index.js'
import {namedSince, renamed, type Later} from '../../../src/kit/verbs/volume-back.js'

const disk = (file: string): Config[string] => ({file, size: '1G'})
const later = (key: string, before: Config, after: Config): Later => ({fields: [`config.${key}.file`], before, after})

describe('the names of volumes that were moved away and back', () => {
  const [was, is] = [{scsi0: disk('data:1/a.qcow2')}, {scsi1: disk('data:1/a.qcow2')}]
  const away = later('scsi1', is, {scsi1: disk('thin:a')})
  const back = later('scsi1', away.after, {scsi1: disk('data:1/b.raw')})
  const named = (...runs: Later[]) => [...namedSince({was, is}, runs)]

  it('are those that they got', () => {
    expect(named(away, back)).to.deep.equal([['data:1/a.qcow2', 'data:1/b.raw']])
    const names = namedSince({was, is}, [away, back])
    expect(renamed(was, names)).to.deep.equal({scsi0: disk('data:1/b.raw')})
    expect(renamed({unused0: 'data:1/a.qcow2', name: 'data:1/a.qcow2'}, names)).to.deep.equal({
      ...{unused0: 'data:1/b.raw', name: 'data:1/a.qcow2'},
    })
  })

  it('are none where a volume is elsewhere now: it was changed since', () => {
    expect(named(away)).to.deep.equal([])
    expect(named()).to.deep.equal([])
  })

  it('are none where the slot has another volume, the old one is still there, or the key was not wished', () => {
    const kept = {...away, after: {...away.after, unused0: 'data:1/a.qcow2'}}
    expect(named(kept, {...back, before: kept.after})).to.deep.equal([])
    expect(named({...away, fields: ['config.memory']}, back)).to.deep.equal([])
    const put = {...back, before: {...back.before, unused0: 'data:1/b.raw'}}
    expect(named(away, put)).to.deep.equal([])
  })

  it('are none where another volume had that name then', () => {
    const with2 = (scsi1: string): Config => ({scsi1: disk(scsi1)})
    const two = {was: {...was, scsi2: disk('data:1/b.raw')}, is}
    expect([...namedSince(two, [away, later('scsi1', away.after, with2('data:1/b.raw'))])]).to.deep.equal([])
  })

  it('are none of a medium', () => {
    const cd = (file: string): Config => ({ide2: {file, media: 'cdrom'}})
    const runs = [later('ide2', cd('nfs:iso/a.iso'), cd('nfs:iso/b.iso'))]
    expect([...namedSince({was: cd('nfs:iso/a.iso'), is: cd('nfs:iso/a.iso')}, runs)]).to.deep.equal([])
  })
})
