import type {Seed} from '../../plugins/simulator/src/index.js'

type Config = Record<string, string | number>

/** Text in which something is that HCL, YAML, Jinja or a shell would take for its own. */
export const hostileNotes = [
  'costs ${var.price} and %{ if true }nothing%{ endif }',
  '"quoted", \\ and a tab\tand $${x} %%{y}',
  'Ünïcode – „ja“ 🦆, nfc \u00e9',
  'first\nsecond\n\n    indented {{ lookup("env", "HOME") }} {% raw %}',
  'EOT\n---\n- no: yes\n# not a comment',
  "it's `backticks` and \"double\" and 'single' $(id)",
]

/** What one virtual machine in the estate has beside the usual: a value of every key that PVE stores. */
export const vmConfigs: readonly Config[] = [
  {acpi: 0, tablet: 0, keyboard: 'de-ch', localtime: 1, kvm: 0, freeze: 1, autostart: 1, reboot: 0},
  {cores: 3, sockets: 2, vcpus: 4, cpulimit: '2.5', cpuunits: 2048, affinity: '0-3,5', numa: 1},
  {cpu: 'cputype=host,flags=+aes;-pcid,hidden=1', shares: 500, memory: '2048', balloon: 1024, tdf: 1},
  {cpu: 'x86-64-v3', arch: 'x86_64', memory: '4096', balloon: 0, numa: 1, cores: 4, hugepages: '2', keephugepages: 1},
  {
    numa: 1,
    cores: 4,
    numa0: 'cpus=0-1,hostnodes=0,memory=1024,policy=bind',
    numa1: 'cpus=2-3,hostnodes=0,memory=1024,policy=preferred',
    memory: '2048',
  },
  {agent: 'enabled=1,fstrim_cloned_disks=1,type=isa'},
  {agent: '1,freeze-fs-on-backup=0', spice_enhancements: 'foldersharing=1,videostreaming=all'},
  {agent: '0', hotplug: 'disk,network,usb', onboot: 1, startup: 'order=2,up=10,down=20'},
  {startup: 'order=7', protection: 1, startdate: '2006-06-17T16:01:21', migrate_speed: 0},
  {
    bios: 'ovmf',
    efidisk0: 'local-zfs:vm-VMID-disk-9,efitype=4m,pre-enrolled-keys=1,size=1M',
    tpmstate0: 'local-zfs:vm-VMID-disk-8,size=4M,version=v2.0',
    machine: 'q35',
    ostype: 'win11',
  },
  {
    bios: 'ovmf',
    efidisk0: 'local-zfs:vm-VMID-disk-9,size=1M',
    machine: 'pc-q35-8.1',
    tpmstate0: 'local-zfs:vm-VMID-disk-8,size=4M,version=v1.2',
  },
  {machine: 'q35,viommu=intel', ostype: 'l24'},
  {machine: 'pc-i440fx-8.1+pve0', ostype: 'other'},
  {machine: 'pc-q35-9.0,viommu=virtio', ostype: 'wxp'},
  {
    scsihw: 'virtio-scsi-single',
    scsi0:
      'local-zfs:vm-VMID-disk-0,aio=native,backup=0,cache=writeback,discard=on,iothread=1,replicate=0,serial=S-1,size=8G,ssd=1',
    boot: 'order=scsi0',
  },
  {
    scsihw: 'pvscsi',
    scsi0:
      'local-zfs:vm-VMID-disk-0,iops_rd=100,iops_rd_max=200,iops_wr=100,iops_wr_max=200,mbps_rd=10,mbps_rd_max=20,mbps_wr=10,mbps_wr_max=20,size=4G',
  },
  {
    scsihw: 'lsi',
    scsi3: 'local-zfs:vm-VMID-disk-0,size=5G',
    scsi7: 'local-zfs:vm-VMID-disk-1,size=6G,detect_zeroes=0,werror=stop,rerror=report',
  },
  {
    sata1: 'local-zfs:vm-VMID-disk-0,size=3G',
    virtio2: 'local-zfs:vm-VMID-disk-1,iothread=1,size=7G',
    ide1: 'local-zfs:vm-VMID-disk-2,size=2G',
    bootdisk: 'sata1',
    boot: 'cdn',
  },
  {scsi0: 'local-zfs:vm-VMID-disk-0,size=512M', scsi1: 'local-zfs:vm-VMID-disk-1,size=10G'},
  {scsi0: 'local-zfs:vm-VMID-disk-0,size=1536M', unused0: 'local-zfs:vm-VMID-disk-3'},
  {ide2: 'none,media=cdrom', ide3: 'none,media=cdrom'},
  {
    ide2: 'local:iso/debian-12.iso,media=cdrom,size=600M',
    boot: 'order=ide2;net0',
    net0: 'virtio=BC:24:11:00:AA:01,bridge=vmbr0',
  },
  {ide3: 'cdrom,media=cdrom', sata0: 'none,media=cdrom'},
  {
    net0: 'virtio=bc:24:11:00:ab:cd,bridge=vmbr0',
    net1: 'e1000=BC:24:11:00:AB:CE,bridge=vmbr0,firewall=1,link_down=1,mtu=1400,rate=12.5,tag=7',
  },
  {net0: 'virtio=BC:24:11:00:AB:D0,bridge=vmbr0,queues=4,trunks=5;7;9', net1: 'vmxnet3=BC:24:11:00:AB:D1,bridge=vmbr0'},
  {net0: 'virtio=BC:24:11:00:AB:D2,bridge=vmbr0', net2: 'virtio=BC:24:11:00:AB:D3,bridge=vmbr0'},
  {net1: 'rtl8139=BC:24:11:00:AB:D4,bridge=vmbr0'},
  {net0: 'ne2k_pci=BC:24:11:00:AB:D5,bridge=vmbr0'},
  {net0: 'virtio=BC:24:11:00:AB:D6'},
  {
    ide0: 'local-zfs:vm-VMID-cloudinit,media=cdrom,size=4M',
    ciuser: 'debian',
    cipassword: '$5$abc$0123456789',
    ciupgrade: 0,
    citype: 'nocloud',
    sshkeys: 'ssh-ed25519%20AAAAC3NzaC1lZDI1NTE5AAAAIA%20a%40b%0A',
    ipconfig0: 'ip=192.0.2.10/24,gw=192.0.2.1',
    ipconfig2: 'ip=dhcp,ip6=auto',
    nameserver: '192.0.2.53 192.0.2.54',
    searchdomain: 'example.com',
  },
  {ipconfig0: 'ip6=2001:db8::10/64,gw6=2001:db8::1', ciuser: 'root'},
  {nameserver: '192.0.2.53'},
  {nameserver: '192.0.2.53,192.0.2.54', ciuser: 'x'},
  {scsi1: 'local-zfs:vm-VMID-cloudinit,media=cdrom,size=4M', cicustom: 'user=local:snippets/user.yaml', ciuser: 'y'},
  {serial0: 'socket', serial1: '/dev/ttyS0', vga: 'serial0'},
  {serial1: 'socket', vga: 'std,memory=32'},
  {vga: 'qxl,memory=64,clipboard=vnc', audio0: 'device=ich9-intel-hda,driver=spice'},
  {vga: 'none', audio0: 'device=AC97'},
  {vga: 'memory=16', parallel0: '/dev/parport0'},
  {usb0: 'host=1234:5678', usb1: 'spice', usb2: 'mapping=um1', usb3: 'host=1-1,usb3=1'},
  {usb1: 'spice,usb3=1', usb5: 'spice'},
  {hostpci0: 'mapping=pm1,pcie=1,rombar=0,x-vga=1', machine: 'q35'},
  {hostpci1: '0000:00:1f.0,mdev=nvidia-63,romfile=vbios.bin,driver=keep'},
  {virtiofs0: 'dm1,cache=always,direct-io=1,expose-acl=1', memory: '1024'},
  {virtiofs1: 'dirid=dm1,expose-xattr=1'},
  {rng0: 'source=/dev/urandom,max_bytes=2048,period=500', watchdog: 'model=ib700,action=reset'},
  {watchdog: 'i6300esb', ivshmem: 'size=32,name=shared'},
  {
    smbios1:
      'uuid=11111111-2222-4333-8444-555555555555,manufacturer=QWNtZQ==,product=Qm94,serial=UzE=,version=MQ==,sku=eA==,family=Zg==,base64=1',
  },
  {
    smbios1: 'uuid=11111111-2222-4333-8444-555555555556',
    vmgenid: '11111111-2222-4333-8444-555555555557',
    meta: 'creation-qemu=9.0.2,ctime=1700000000',
  },
  {'amd-sev': 'type=std,no-debug=1,no-key-sharing=1', bios: 'ovmf'},
  {'amd-sev': 'type=snp,allow-smt=1'},
  {args: '-device foo,"bar=${x}" -cpu host', hookscript: 'local:snippets/hook.pl'},
  {vmstatestorage: 'local-zfs', tags: 'a_b;c-d;zz.top'},
  {template: 1, scsi0: 'local-zfs:base-VMID-disk-0,size=2G'},
]

/** The same of containers. */
export const containerConfigs: readonly Config[] = [
  {unprivileged: 1, swap: 0, memory: 256},
  {unprivileged: 0, cores: 2, cpulimit: '1.5', cpuunits: 500, swap: 512, memory: 1024},
  {
    hostname: 'ct-net',
    net0: 'name=eth0,bridge=vmbr0,firewall=1,gw=192.0.2.1,hwaddr=BC:24:11:01:00:01,ip=192.0.2.20/24,tag=9,type=veth',
  },
  {
    hostname: 'ct-six',
    net0: 'name=eth0,bridge=vmbr0,hwaddr=bc:24:11:01:00:02,ip6=2001:db8::20/64,gw6=2001:db8::1,mtu=1400,rate=5,type=veth',
  },
  {
    net0: 'name=eth0,bridge=vmbr0,hwaddr=BC:24:11:01:00:03,ip=dhcp,ip6=auto,type=veth',
    net2: 'name=eth2,bridge=vmbr0,hwaddr=BC:24:11:01:00:04,ip=manual,link_down=1,trunks=3;4,type=veth',
  },
  {
    mp0: 'local-zfs:subvol-VMID-disk-1,mp=/data,size=8G',
    mp3: 'local-zfs:subvol-VMID-disk-2,mp=/back up,acl=1,backup=1,mountoptions=noatime;nodev,quota=0,replicate=0,ro=1,shared=1,size=4G',
  },
  {mp0: 'local-zfs:subvol-VMID-disk-1,mp=/odd,size=2048M', mp1: '/srv/host dir,mp=/host'},
  {console: 1, tty: 2},
  {console: 0, tty: 1, cmode: 'shell'},
  {cmode: 'console', tty: 6},
  {features: 'keyctl=1,nesting=1,fuse=1,mknod=1,mount=nfs;cifs'},
  {features: 'force_rw_sys=1'},
  {features: 'nesting=1', dev0: '/dev/fuse,mode=0666,uid=1000,gid=1000', dev2: 'path=/dev/null,deny-write=1'},
  {onboot: 1, startup: 'order=1,up=5,down=5', protection: 1, tags: 'ct;web', hookscript: 'local:snippets/hook.pl'},
  {nameserver: '192.0.2.53 2001:db8::53', searchdomain: 'example.com', timezone: 'Europe/Berlin', debug: 1},
  {ostype: 'unmanaged'},
  {ostype: 'alpine', arch: 'arm64'},
  {arch: 'i386', unused0: 'local-zfs:subvol-VMID-disk-5'},
  {template: 1, rootfs: 'local-zfs:basevol-VMID-disk-0,size=2G'},
  {rootfs: 'local-zfs:subvol-VMID-disk-0,acl=0,mountoptions=noatime,quota=1,replicate=0,ro=0,shared=0,size=3G'},
]

/** Keys that only one release has. */
const since9 = {
  vm: [{'allow-ksm': 0}, {'intel-tdx': 'type=tdx,attestation=1'}] as readonly Config[],
  container: [{env: 'A=1\0B=two words', entrypoint: '/sbin/init'}] as readonly Config[],
}

/** The provider cannot read these: they are not in the code. */
export const unreadable: readonly Config[] = [
  {migrate_downtime: '0.5'},
  {scsi0: 'local-zfs:vm-VMID-disk-0,mbps_rd=1.5,size=2G'},
  {net0: 'virtio=BC:24:11:00:AC:01,bridge=vmbr0,trunks=2-10'},
  {smbios1: 'uuid=11111111-2222-4333-8444-555555555558,manufacturer=Acme1'},
]

/**
 * An estate of 200 guests in which every key of a VM and of a container is there with unusual values, in every combination of two rows of the tables above that
 * name no key both have.
 */
export function unusualEstate(release: '8.4' | '9.2', size = 200): Seed {
  const isNew = release !== '8.4'
  const vms = [...vmConfigs, ...(isNew ? since9.vm : []), ...unreadable]
  const containers = [...containerConfigs, ...(isNew ? since9.container : [])].filter(
    (each) => isNew || !('deny-write' in each),
  )
  const guests: NonNullable<Seed['guests']> = []
  const add = (type: 'qemu' | 'lxc', parts: readonly Config[]) => {
    const vmid = 1000 + guests.length
    const notes = hostileNotes[guests.length % hostileNotes.length]!
    const base: Config =
      type === 'qemu'
        ? {name: `vm-${vmid}`, scsihw: 'virtio-scsi-pci', ostype: 'l26', memory: '512', description: notes}
        : {
            ...{hostname: `ct-${vmid}`, ostype: 'debian', arch: 'amd64', memory: 512, swap: 512, unprivileged: 1},
            ...{rootfs: 'local-zfs:subvol-VMID-disk-0,size=2G', description: `${notes}\n`},
          }
    const config = Object.fromEntries(
      Object.entries(Object.assign({}, base, ...parts) as Config).map(([key, value]) => [
        key,
        typeof value === 'string' ? value.replaceAll('VMID', String(vmid)) : value,
      ]),
    )
    guests.push({vmid, type, node: `pve${1 + (vmid % 2)}`, ...(vmid % 5 === 0 && {pool: 'p1'}), config})
  }
  for (const each of vms) add('qemu', [each])
  for (const each of containers) add('lxc', [each])
  for (let step = 1; guests.length < size; step++)
    for (const [type, table] of [
      ['qemu', vmConfigs],
      ['lxc', containerConfigs],
    ] as const) {
      const [one, other] = [table[step % table.length]!, table[(step * 7 + 3) % table.length]!]
      const clash =
        one === other || Object.keys(one).some((key) => key in other) || 'template' in one || 'template' in other
      if (!clash && guests.length < size) add(type, [one, other])
    }
  return {
    cluster: 'estate',
    nodes: [{name: 'pve1'}, {name: 'pve2'}],
    storages: [
      {storage: 'local', type: 'dir', config: {path: '/var/lib/vz', content: 'iso,vztmpl,backup,snippets'}},
      {storage: 'local-zfs', type: 'zfspool', config: {pool: 'rpool/data', content: 'images,rootdir'}},
    ],
    pools: [{poolid: 'p1', comment: 'pool ${1}'}],
    token: 'root@pam!sim',
    tokens: [{tokenid: 'root@pam!sim', secret: '00000000-0000-4000-8000-000000000001', privsep: 0}],
    users: [{userid: 'root@pam', password: 'simulator'}],
    guests,
  }
}
