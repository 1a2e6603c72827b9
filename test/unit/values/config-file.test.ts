import {expect} from 'chai'
import fc from 'fast-check'
import {Refusal} from '../../../src/kit/values/check.js'
import {
  cleanPending,
  contextOf,
  parsePendingDelete,
  printPendingDelete,
  readConfigFile,
  rewriteRestored,
  writeConfigFile,
} from '../../../src/kit/values/index.js'

const context = contextOf('9.2')
const older = contextOf('8.4')

const vm = `#Front end%3A the shop.
#
#100%25
boot: order=scsi0
cores: 2
ide2: local:100/vm-100-cloudinit.qcow2,media=cdrom
memory: 2048
net0: virtio=BC:24:11:00:00:01,bridge=vmbr0
parent: before
scsi0: local-lvm:vm-100-disk-0,size=4G

[PENDING]
delete: balloon,!net1
memory: 4096

[special:cloudinit]
name: old

[before]
#as it was
cores: 1
snaptime: 1725975013
`

describe('values: configuration files', () => {
  it('come back as they were, all sections of them', () => {
    const {file, warnings} = readConfigFile('qemu', vm, 100, context)
    expect(warnings).to.deep.equal([])
    expect(file.config.description).to.equal('Front end: the shop.\n\n100%')
    expect(file.pending).to.deep.equal({delete: 'balloon,!net1', memory: '4096'})
    expect(file.snapshots.before).to.deep.equal({description: 'as it was', cores: 1, snaptime: 1725975013})
    expect(file.special).to.deep.equal({cloudinit: {name: 'old'}})
    expect(file.digest).to.match(/^[0-9a-f]{40}$/)
    expect(writeConfigFile('qemu', file, context)).to.equal(vm)
  })

  it('lose a VM’s values that PVE cannot read, with a warning, and keep a container’s', () => {
    const text = 'cores: many\nnosuch: 1\n'
    const read = readConfigFile('qemu', text, 7, context)
    expect(read.warnings).to.deep.equal([
      "vm 7 - unable to parse value of 'cores' - type check ('integer') failed - got 'many'\n",
      "vm 7 - unable to parse value of 'nosuch' - unknown setting 'nosuch'\n",
    ])
    expect(read.file.config).to.deep.equal({})
    expect(readConfigFile('lxc', text, 7, context).file.config).to.deep.equal({cores: 'many', nosuch: '1'})
    expect(() => readConfigFile('qemu', text, 7, context, true)).to.throw(
      Refusal,
      "vm 7 - unable to parse value of 'cores'",
    )
  })

  it('hold LXC’s own keys as pairs, and its environment as a key of PVE since 9', () => {
    const text =
      'memory: 512\nlxc.environment.runtime: A=1 2\nlxc.environment.runtime: B=2\nlxc.cap.drop = sys_time\nlxc.rootfs.path: /x\nlxc.utsname: a\nlxc.nosuch: 1\n'
    const {file, warnings} = readConfigFile('lxc', text, 200, context)
    expect(file.config).to.deep.equal({
      memory: 512,
      env: 'A=1 2\0B=2',
      lxc: [
        ['lxc.cap.drop', 'sys_time'],
        ['lxc.utsname', 'a'],
      ],
    })
    expect(warnings).to.deep.equal([
      'vm 200 - lxc.rootfs.path: lxc.rootfs.path is auto generated from rootfs\n',
      'vm 200 - lxc.utsname is deprecated and was renamed to lxc.uts.name\n',
      'vm 200 - unable to parse config: lxc.nosuch: 1\n',
    ])
    expect(writeConfigFile('lxc', file, context)).to.equal(
      'memory: 512\nlxc.environment.runtime: A=1 2\nlxc.environment.runtime: B=2\nlxc.cap.drop: sys_time\nlxc.utsname: a\n',
    )
    expect(readConfigFile('lxc', 'lxc.environment.runtime: A=1\n', 200, older).warnings).to.have.length(1)
  })

  it('drop unused volumes that are used again, and old names of keys', () => {
    const {file} = readConfigFile(
      'qemu',
      'smp: 4\ncores: 2\ncdrom: none\nunused0: ab:v\nscsi0: ab:v,size=1G\n',
      100,
      context,
    )
    expect(writeConfigFile('qemu', file, context)).to.equal('ide2: none\nscsi0: ab:v,size=1G\nsockets: 4\n')
  })

  it('have a description of any text', () => {
    fc.assert(
      fc.property(fc.string({unit: 'grapheme'}), (text) => {
        const description = text.trimEnd()
        fc.pre(description !== '')
        const written = writeConfigFile(
          'qemu',
          {config: {description}, pending: {}, snapshots: {}, special: {}},
          context,
        )
        expect(readConfigFile('qemu', written, 100, context).file.config.description).to.equal(description)
      }),
    )
  })

  it('lose pending changes that change nothing', () => {
    expect(cleanPending({memory: '512'}, {memory: 512, delete: 'balloon,!memory', cores: 2})).to.deep.equal({
      pending: {cores: 2, delete: '!memory'},
      changed: true,
    })
    expect(cleanPending({memory: '512'}, {memory: '513'}).changed).to.equal(false)
    expect(printPendingDelete(parsePendingDelete(' scsi1;!net0, cores'))).to.equal('cores,!net0,scsi1')
  })

  it('are restored onto new volumes, without what belonged to the old guest', () => {
    const text =
      'lock: backup\nparent: snap\nscsi0: ab:v0,format=raw,size=1G\nscsi1: ab:v1,backup=0\nunused3: ab:v2\n#qmdump#map:scsi0:drive-scsi0:a:raw:\n'
    expect(rewriteRestored(text, {scsi0: 'cd:new'}, context)).to.equal(
      'scsi0: cd:new,size=1G\n#scsi1: ab:v1,backup=0\n',
    )
  })
})
