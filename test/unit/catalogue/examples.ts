/** Of each row of the catalogue: a text as it was seen, which it explains, and one that is near and says something else. */
export const EXAMPLES: Readonly<Record<string, {real: string; near: string}>> = {
  'PVE-LOCK-001': {
    real: `error creating VM: received an HTTP 500 response - Reason: can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout`,
    near: `can't lock file '/var/lock/qemu-server/lock-100.conf' - No such file or directory`,
  },
  'PVE-LOCK-002': {real: 'VM is locked (snapshot-delete)', near: 'VM is locked'},
  'PVE-LOCK-003': {
    real: `clone failed: cfs-lock 'storage-ceph-vm' error: got lock request timeout`,
    near: `trying to acquire cfs lock 'storage-ceph-vm' ...`,
  },
  'PVE-LOCK-004': {
    real: `unable to create VM 102 - can't lock file '/var/lock/pve-manager/pve-storage-local-lvm' - got timeout`,
    near: `can't lock file '/var/lock/pve-manager/other' - got timeout`,
  },
  'PVE-LOCK-005': {
    real: `ERROR: can't acquire lock '/var/run/vzdump.lock' - got timeout`,
    near: 'INFO: trying to get global lock - waiting...',
  },
  'PVE-LOCK-006': {
    real: `update ACL failed: cfs-lock 'file-user_cfg' error: got lock request timeout`,
    near: `cfs-lock 'file-user_cfg' error: pve cluster filesystem not online.`,
  },
  'PVE-LOCK-007': {
    real: `error with cfs lock 'storage-nfs': 'storage-nfs'-locked command timed out - aborting`,
    near: 'command timed out',
  },
  'PVE-LOCK-008': {
    real: 'checksum mismatch (file change by other user?)',
    near: `checksum mismatch: got 'ab12' != expect 'cd34'`,
  },
  'PVE-CLUSTER-001': {
    real: `unable to open file '/etc/pve/nodes/pve1/qemu-server/100.conf.tmp.1234' - Permission denied`,
    near: `unable to open file '/etc/hosts.tmp.1234' - Permission denied`,
  },
  'PVE-CLUSTER-002': {
    real: 'ipcc_send_rec[1] failed: Connection refused',
    near: 'ipcc_send_rec[1] failed: Unknown error -1',
  },
  'PVE-CLUSTER-003': {
    real: `hostname lookup 'pve9' failed - failed to get address info for: pve9: Name or service not known`,
    near: `hostname lookup of pve9`,
  },
  'PVE-PROXY-001': {real: '595 No route to host', near: '1595 No route to hosts'},
  'PVE-PROXY-002': {
    real: '596 tls_process_server_certificate: certificate verify failed',
    near: 'tls_process_server_certificate: unknown',
  },
  'PVE-PROXY-003': {real: 'Error: 596 Connection timed out', near: '597 Connection timed'},
  'PVE-PROXY-004': {real: '599 Too many redirections', near: 'Too many redirects'},
  'PVE-PROXY-005': {
    real: `501 Method 'POST /nodes//qemu' not implemented`,
    near: `501 Not Implemented`,
  },
  'PVE-AUTH-001': {real: 'Error: 401 No ticket', near: '401 No tickets left'},
  'PVE-AUTH-002': {real: '401 permission denied - invalid PVE ticket', near: 'permission denied - invalid PBS ticket'},
  'PVE-AUTH-003': {
    real: `401 no such token 'terraform' for user 'tf@pve'`,
    near: `token 'terraform' for user 'tf@pve' was removed`,
  },
  'PVE-AUTH-004': {real: '401 invalid token value!', near: 'invalid token valued'},
  'PVE-AUTH-005': {real: `401 token 'sync' access expired`, near: `token 'sync' expires`},
  'PVE-AUTH-006': {real: `user 'ops@pve' is disabled`, near: `user 'ops@pve' is enabled`},
  'PVE-AUTH-007': {real: `401 no such user ('tf@pve')`, near: 'no such user'},
  'PVE-AUTH-008': {
    real: `400 Parameter verification failed.\ntokenid: value 'tf@pve' does not look like a valid token ID`,
    near: `value 'tf@pve' does not look like a valid user`,
  },
  'PVE-AUTH-009': {real: '401 authentication failure', near: 'authentication failures: none'},
  'PVE-AUTH-010': {real: 'failed 2nd factor: TOTP limit reached, locked', near: '2nd factor accepted'},
  'PVE-AUTH-011': {real: `auth domain 'corp' does not exist`, near: `auth domain 'corp' exists`},
  'PVE-PERM-001': {real: `only root can set 'args' config`, near: `only admins can set 'args' config`},
  'PVE-PERM-002': {
    real: 'Permission check failed (mount point type bind is only allowed for root@pam)',
    near: 'this is only allowed for ops@pve',
  },
  'PVE-PERM-003': {
    real: `Permission check failed (URI '/access/password' not available with API token, need proper ticket.\n)`,
    near: 'not available with API tokens of this kind',
  },
  'PVE-PERM-004': {
    real: `Permission check failed (pool 'shop' does not exist)`,
    near: `Permission check (pool 'shop' exists)`,
  },
  'PVE-PERM-005': {
    real: '403 Permission check failed (/vms/100, VM.Config.Disk)',
    near: 'Permission checks passed (/vms/100, VM.Config.Disk)',
  },
  'PVE-PERM-006': {real: `invalid privilege 'VM.Monitor'`, near: `privilege 'VM.Monitor' is valid`},
  'PVE-PARAM-001': {
    real: `400 Parameter verification failed.\nallow-ksm: property is not defined in schema and the schema does not allow additional properties`,
    near: 'property is not defined in schema',
  },
  'PVE-PARAM-002': {real: 'vmid: property is missing and it is not optional', near: 'property is missing'},
  'PVE-PARAM-003': {
    real: `cores: type check ('integer') failed - got 'two'`,
    near: `type check ('integer') passed`,
  },
  'PVE-PARAM-004': {
    real: 'value does not look like a valid ipv4 network configuration',
    near: 'value looks like a valid ipv4 network configuration',
  },
  'PVE-PARAM-005': {
    real: `net0: invalid format - format error\nnet0.brigde: invalid key in comma-separated list property: brigde`,
    near: 'comma-separated list property',
  },
  'PVE-PARAM-006': {
    real: `update storage failed: can't change value of fixed parameter 'path'`,
    near: `change value of parameter 'path'`,
  },
  'PVE-PARAM-007': {real: '400 Parameter verification failed.', near: 'Parameter verification succeeded.'},
  'PVE-GUEST-001': {
    real: `unable to create VM 100 - VM 100 already exists on node 'pve1'`,
    near: `VM 100 exists on node 'pve1'`,
  },
  'PVE-GUEST-002': {
    real: `Configuration file 'nodes/pve1/qemu-server/100.conf' does not exist`,
    near: `Configuration file '/etc/ceph/100.conf' does not exist`,
  },
  'PVE-GUEST-003': {real: 'VM 100 already running', near: 'VM 100 is running'},
  'PVE-GUEST-004': {real: 'CT 200 not running', near: 'CT 200 is running'},
  'PVE-GUEST-005': {real: 'TASK ERROR: start failed: QEMU exited with code 1', near: 'QEMU exited with code'},
  'PVE-GUEST-006': {
    real: 'TASK ERROR: KVM virtualisation configured, but not available. Either disable in VM configuration or enable in BIOS.',
    near: 'KVM virtualisation configured',
  },
  'PVE-GUEST-007': {real: 'TASK ERROR: VM quit/powerdown failed - got timeout', near: 'VM quit/powerdown done'},
  'PVE-GUEST-008': {real: 'VM is paused - cannot shutdown', near: 'VM is paused'},
  'PVE-GUEST-009': {real: `you can't start a vm if it's a template`, near: `start a vm, it's a template`},
  'PVE-GUEST-010': {real: `can't remove VM 100 - protection mode enabled`, near: 'protection mode disabled'},
  'PVE-GUEST-011': {real: 'VM 100 is running - destroy failed', near: 'VM 100 is running'},
  'PVE-GUEST-012': {
    real: '400 Parameter verification failed. scsi1: hotplug problem - adding drive failed: Duplicate ID',
    near: 'hotplug problems are gone',
  },
  'PVE-GUEST-013': {real: 'TASK ERROR: MAX 4 vcpus allowed per VM on this node', near: 'MAX vcpus allowed per VM'},
  'PVE-GUEST-014': {
    real: `kvm: cannot set up guest memory 'pc.ram': Cannot allocate memory`,
    near: 'kvm: allocated memory',
  },
  'PVE-GUEST-015': {
    real: 'TASK ERROR: cannot prepare PCI pass-through, IOMMU not present',
    near: 'IOMMU present',
  },
  'PVE-GUEST-016': {
    real: `TASK ERROR: PCI device '0000:01:00.0' already in use by VMID '105'`,
    near: `PCI device '0000:01:00.0' is free`,
  },
  'PVE-GUEST-017': {
    real: `invalid bootorder: device 'scsi9' does not exist'`,
    near: `bootorder: device 'scsi9' exists`,
  },
  'PVE-GUEST-018': {
    real: 'hotplug of memory: NUMA needs to be enabled for memory hotplug',
    near: 'NUMA is enabled for memory hotplug',
  },
  'PVE-GUEST-019': {
    real: `Installed QEMU version '8.1.5' is too old to run machine type 'pc-i440fx-9.0+pve0', please upgrade node 'pve1'`,
    near: `Installed QEMU version '8.1.5'`,
  },
  'PVE-AGENT-001': {real: '500 QEMU guest agent is not running', near: 'QEMU guest agent is running'},
  'PVE-AGENT-002': {real: '500 No QEMU guest agent configured', near: 'QEMU guest agent configured'},
  'PVE-AGENT-003': {
    real: `ERROR: unable to freeze guest fs - VM 100 qga command 'guest-fsfreeze-freeze' failed - got timeout`,
    near: 'freezing guest fs',
  },
  'PVE-CT-001': {real: 'lxc live migration is currently not implemented', near: 'live migration is implemented'},
  'PVE-CT-002': {
    real: 'unable to restore CT 200 - refusing to restore privileged container backup from external source',
    near: 'restoring privileged container backup',
  },
  'PVE-CT-003': {real: `unsupported and unexpected Ubuntu version '28.04'`, near: `Ubuntu version '28.04'`},
  'PVE-CT-004': {
    real: 'file does not look like a template archive: /var/lib/vz/template/iso/debian.iso',
    near: 'template archive: /var/lib/vz/template/cache/debian.tar.zst',
  },
  'PVE-STORAGE-001': {
    real: `storage 'local-zfs' is not available on node 'pve2'`,
    near: `storage 'local-zfs' is available on node 'pve2'`,
  },
  'PVE-STORAGE-002': {real: `storage 'local-lvm' does not exist`, near: `storage 'local-lvm' does exist`},
  'PVE-STORAGE-003': {real: `storage 'nfs' is not online`, near: `storage 'nfs' is online`},
  'PVE-STORAGE-004': {real: `storage 'nfs' is disabled`, near: `storage 'nfs' is enabled`},
  'PVE-STORAGE-005': {
    real: `storage 'local' does not support content-type 'images'`,
    near: `storage 'local' supports content-type 'images'`,
  },
  'PVE-STORAGE-006': {real: `unable to parse volume ID 'debian.iso'`, near: `parsed volume ID 'debian.iso'`},
  'PVE-STORAGE-007': {
    real: `unable to activate storage 'usb' - directory is expected to be a mount point but is not mounted: '/mnt/usb'`,
    near: `unable to activate the storage`,
  },
  'PVE-STORAGE-008': {
    real: `mount error: mount.nfs: access denied by server while mounting 192.0.2.5:/export`,
    near: 'mount errors: 0',
  },
  'PVE-DISK-001': {
    real: 'TASK ERROR: unable to create VM 102 - not enough free space (104857600 < 209715200)',
    near: 'enough free space (209715200 > 104857600)',
  },
  'PVE-DISK-002': {real: 'cp: error writing: No space left on device', near: 'space left on device'},
  'PVE-DISK-003': {
    real: `lvcreate 'pve/vm-100-disk-0' error: Logical Volume "vm-100-disk-0" already exists in volume group "pve"`,
    near: `Logical volume "vm-100-disk-0" created.`,
  },
  'PVE-DISK-004': {real: `volume 'local:iso/debian.iso' does not exist`, near: `volume 'local:iso/debian.iso'`},
  'PVE-DISK-005': {
    real: `unable to delete 'local:100/vm-100-disk-0.qcow2' - volume is still in use (snapshot?)`,
    near: 'volume is in use',
  },
  'PVE-DISK-006': {real: 'shrinking disks is not supported', near: 'growing disks is supported'},
  'PVE-DISK-007': {real: `disk 'scsi3' does not exist`, near: `disk 'scsi3' exists`},
  'PVE-DISK-008': {real: 'filename: wrong file extension', near: 'file extension'},
  'PVE-DISK-009': {
    real: `checksum mismatch: got 'ab12' != expect 'cd34', aborting`,
    near: 'checksum mismatch (file change by other user?)',
  },
  'PVE-DISK-010': {
    real: 'Too many unused volumes - please delete them first.',
    near: 'unused volumes: 3',
  },
  'PVE-DISK-011': {real: `no such volume group 'vmdata'`, near: `volume group 'vmdata'`},
  'PVE-MIGRATE-001': {
    real: `can't migrate VM which uses local devices: hostpci0`,
    near: 'migrating VM which uses local devices',
  },
  'PVE-MIGRATE-002': {real: `can't migrate running VM without --online`, near: 'migrating running VM with --online'},
  'PVE-MIGRATE-003': {
    real: `can't migrate to 'pve2': missing mapped devices hostpci0:gpu`,
    near: 'migrating VM which uses mapped local devices',
  },
  'PVE-MIGRATE-004': {
    real: `can't migrate local disk 'local:iso/debian.iso': local cdrom image`,
    near: 'found local disk (attached)',
  },
  'PVE-MIGRATE-005': {real: `ERROR: migration aborted (duration 00:00:02)`, near: 'migration finished'},
  'PVE-MIGRATE-006': {
    real: `ERROR: can't open tunnel - Host key verification failed.`,
    near: 'start remote tunnel',
  },
  'PVE-MIGRATE-007': {real: 'target: target is local node.', near: 'target is node pve2'},
  'PVE-MIGRATE-008': {
    real: `can't clone VM to node 'pve2' (VM uses local storage)`,
    near: `cloning VM to node 'pve2'`,
  },
  'PVE-SNAPSHOT-001': {real: 'snapshot feature is not available', near: 'snapshot feature is available'},
  'PVE-SNAPSHOT-002': {real: `snapshot 'before' does not exist`, near: `snapshot 'before' exists`},
  'PVE-SNAPSHOT-003': {real: `snapshot name 'before' already used`, near: `snapshot name 'before'`},
  'PVE-SNAPSHOT-004': {
    real: `can't rollback, 'before' is not most recent snapshot on 'tank:vm-100-disk-0'`,
    near: `'before' is the most recent snapshot`,
  },
  'PVE-SNAPSHOT-005': {
    real: `you can't move a disk with snapshots and delete the source`,
    near: 'move a disk with snapshots',
  },
  'PVE-SNAPSHOT-006': {
    real: 'unable to rollback to incomplete snapshot (snapstate = prepare)',
    near: 'rolled back to snapshot',
  },
  'PVE-SNAPSHOT-007': {
    real: 'unable to create template, because VM contains snapshots',
    near: 'VM contains snapshots',
  },
  'PVE-BACKUP-001': {real: 'TASK ERROR: job errors', near: 'job error'},
  'PVE-BACKUP-002': {
    real: 'ERROR: Backup of VM 100 failed - the archive is too large',
    near: 'INFO: Backup of VM 100 finished',
  },
  'PVE-BACKUP-003': {
    real: 'INFO: mode failure - some volumes do not support snapshots',
    near: 'all volumes support snapshots',
  },
  'PVE-BACKUP-004': {
    real: `encryption configured ('ab:cd') but no encryption key file found!`,
    near: 'encryption configured',
  },
  'PVE-BACKUP-005': {
    real: 'backup write data failed: command error: write_data upload error: pipelined request failed: ENOSPC',
    near: 'backup wrote data',
  },
  'PVE-REPLICATION-001': {
    real: `There is a replication job '100-0' for guest '100' - Please remove that first.`,
    near: `replication job '100-0' for guest '100'`,
  },
  'PVE-REPLICATION-002': {
    real: `missing replicate feature on volume 'local-lvm:vm-100-disk-0'`,
    near: `replicate volume 'tank:vm-100-disk-0'`,
  },
  'PVE-REPLICATION-003': {
    real: `No common base snapshot on volume(s) tank:vm-100-disk-0\nPlease remove the problematic volume(s) from the replication target`,
    near: 'using common base snapshot',
  },
  'PVE-REPLICATION-004': {
    real: `Cannot live-migrate replicated VM to node 'pve3' - not a replication target. Use 'force' to override.`,
    near: `live-migrate replicated VM to node 'pve3'`,
  },
  'PVE-HA-001': {
    real: `service 'vm:100' in error state, must be disabled and fixed first`,
    near: `service 'vm:100' in state started`,
  },
  'PVE-HA-002': {
    real: 'unable to remove VM 100 - used in HA resources and purge parameter not set.',
    near: 'used in HA resources',
  },
  'PVE-HA-003': {real: `cannot delete service 'vm:100', not HA managed!`, near: `service 'vm:100' is HA managed`},
  'PVE-HA-004': {real: `resource 'vm:100' does not exist in cluster`, near: `resource 'vm:100' exists in cluster`},
  'PVE-NET-001': {real: `bridge 'vmbr7' does not exist`, near: `bridge 'vmbr7' is up`},
  'PVE-NET-002': {
    real: 'you need ifupdown2 to reload network configuration',
    near: 'ifupdown2 reloads network configuration',
  },
  'PVE-NET-003': {
    real: 'vlan aware feature need to be enabled to use trunks',
    near: 'vlan aware feature is enabled',
  },
  'PVE-NET-004': {
    real: `netdev net0: MTU '9000' is bigger than the bridge MTU '1500'`,
    near: `netdev net0: MTU '1500'`,
  },
  'PVE-NET-005': {real: `no such security group 'web'`, near: `security group 'web'`},
  'PVE-CEPH-001': {
    real: `rbd error: rbd: couldn't connect to the cluster!`,
    near: 'rbd connected to the cluster',
  },
  'PVE-CEPH-002': {real: 'binary not installed: /usr/bin/ceph-mon', near: 'binary installed: /usr/bin/ceph-mon'},
  'PVE-CEPH-003': {
    real: 'Ceph cluster is in HEALTH_ERR state, refusing rolling restart',
    near: 'Ceph cluster is in HEALTH_OK state',
  },
  'PVE-CERT-001': {
    real: `validating challenge 'https://acme.example.com/a/1' failed - status: invalid`,
    near: `validating challenge 'https://acme.example.com/a/1' done`,
  },
  'PVE-CERT-002': {
    real: 'Custom certificate file exists but force flag is not set.',
    near: 'Custom certificate file exists',
  },
  'PVE-APT-001': {
    real: 'E: Failed to fetch https://enterprise.proxmox.com/debian/pve/dists/bookworm/InRelease  401  Unauthorized [IP: 192.0.2.9 443]',
    near: 'Hit:1 https://enterprise.proxmox.com/debian/pve bookworm InRelease',
  },
  'PVE-APT-002': {
    real: `TASK ERROR: command 'apt-get update' failed: exit code 100`,
    near: `starting apt-get update`,
  },
  'PVE-TASK-001': {real: 'the task failed: unexpected status', near: 'the task has an expected status'},
  'PVE-TASK-002': {real: 'TASK ERROR: received interrupt', near: 'received interrupts: 4'},
  'PVE-TASK-003': {real: 'upid: no such task', near: 'no such tasks'},
  'PVE-TASK-004': {
    real: `command '/usr/bin/qemu-img convert -p -n a b' failed: exit code 1`,
    near: `command '/usr/bin/qemu-img' ended`,
  },
  'PVE-POOL-001': {
    real: `delete pool failed: pool 'shop' is not empty (contains VM 100)`,
    near: `pool 'shop' is empty`,
  },
  'PVE-SUB-001': {real: 'There is no subscription key', near: 'There is a subscription key'},
  'TF-STATE-001': {
    real: 'Error: Error acquiring the state lock\n\nError message: resource temporarily unavailable',
    near: 'Acquiring state lock. This may take a few moments...',
  },
  'TF-STATE-002': {real: 'Error: Saved plan is stale', near: 'Saved the plan to: plan.tfplan'},
  'TF-CORE-001': {
    real: 'Error: Provider produced inconsistent result after apply',
    near: 'Provider produced a result',
  },
  'TF-CORE-002': {
    real: 'Error: Failed to query available provider packages',
    near: 'Finding latest version of bpg/proxmox...',
  },
  'TF-CORE-003': {real: 'Error: Inconsistent dependency lock file', near: 'Reusing the dependency lock file'},
  'TF-CORE-004': {
    real: 'Error: Unsupported argument\n\n  on main.tf line 12:\n\nAn argument named "vmid" is not expected here.',
    near: 'An argument named "vmid" is expected',
  },
  'TF-CORE-005': {
    real: 'Error: Instance cannot be destroyed',
    near: 'Instance will be destroyed',
  },
  'TF-PROVIDER-001': {
    real: 'timeout while waiting for the QEMU agent on VM "100" to publish the network interfaces',
    near: 'waiting for the QEMU agent on VM 100',
  },
  'TF-PROVIDER-002': {
    real: 'error waiting for VM: timeout while waiting for VM 100 configuration to become unlocked',
    near: 'waiting for VM 100 configuration',
  },
  'TF-PROVIDER-003': {
    real: `failed to open SSH client: unable to authenticate user "root" over SSH to "192.0.2.10:22"`,
    near: 'opened SSH client',
  },
  'TF-PROVIDER-004': {
    real: 'failed to create file /var/lib/vz/snippets/user.yaml: permission denied',
    near: 'created file /var/lib/vz/snippets/user.yaml',
  },
  'TF-PROVIDER-005': {
    real: 'permissions for user/token tf@pve are not sufficient, please provide also the following permissions that are missing: [VM.Monitor]',
    near: 'permissions for user/token tf@pve are sufficient',
  },
  'TF-PROVIDER-006': {
    real: 'error reading VM: the requested resource does not exist',
    near: 'the requested resource exists',
  },
  'TF-PROVIDER-007': {
    real: 'must provide either username and password, an API token, or a ticket',
    near: 'username and password, an API token, or a ticket',
  },
  'TF-PROVIDER-008': {
    real: 'your API TokenID username should contain a !, check your API credentials',
    near: 'your API TokenID username contains a !',
  },
  'ANSIBLE-001': {
    real: `fatal: [localhost]: FAILED! => {"changed": false, "msg": "Reached timeout while waiting for creating VM. Last line in task before timeout: []"}`,
    near: 'waiting for creating VM',
  },
  'ANSIBLE-002': {
    real: `authorization on proxmox cluster failed with exception: 401 Unauthorized`,
    near: 'authorization on proxmox cluster',
  },
  'ANSIBLE-003': {
    real: `Couldn't authenticate user: missing Two Factor Authentication (TFA)`,
    near: 'Two Factor Authentication (TFA)',
  },
  'ANSIBLE-004': {
    real: `Failed to import the required Python library (proxmoxer) on host's Python /usr/bin/python3`,
    near: 'Failed to import the required Python library (requests)',
  },
  'ANSIBLE-005': {
    real: 'VM with name = web01 does not exist in cluster',
    near: 'VM with name = web01 exists in cluster',
  },
  'ANSIBLE-006': {real: 'args parameter require root@pam user. ', near: 'args parameter'},
  'ANSIBLE-007': {
    real: `fatal: [web01]: UNREACHABLE! => {"msg": "Failed to connect to the host via ssh: timed out"}`,
    near: 'ok: [web01] unreachable=0',
  },
  'ANSIBLE-008': {
    real: `ERROR! couldn't resolve module/action 'community.proxmox.proxmox_kvm'. This often indicates a misspelling`,
    near: `resolved module/action 'community.proxmox.proxmox_kvm'`,
  },
  'GIT-MERGE-001': {
    real: 'CONFLICT (content): Merge conflict in infra/home/vm/100.yaml',
    near: 'Auto-merging infra/home/vm/100.yaml',
  },
  'GIT-MERGE-002': {
    real: 'fatal: You have not concluded your merge (MERGE_HEAD exists).',
    near: 'You have concluded your merge',
  },
  'GIT-MERGE-003': {
    real: 'error: Your local changes to the following files would be overwritten by merge:',
    near: 'Your local changes are kept',
  },
  'GIT-PUSH-001': {
    real: ' ! [rejected]        main -> main (fetch first)',
    near: '   1a2b3c4..5d6e7f8  main -> main',
  },
  'GIT-PUSH-002': {
    real: ' ! [remote rejected] main -> main (protected branch hook declined)',
    near: ' ! [remote rejected] main -> main (failure)',
  },
  'GIT-AUTH-001': {
    real: `fatal: Authentication failed for 'https://git.example.com/infra.git/'`,
    near: 'Authentication succeeded',
  },
  'GIT-AUTH-002': {
    real: 'git@git.example.com: Permission denied (publickey).\nfatal: Could not read from remote repository.',
    near: 'Permission denied',
  },
  'GIT-LOCK-001': {
    real: `fatal: Unable to create '/home/ada/infra/.git/index.lock': File exists.`,
    near: `fatal: Unable to create '/home/ada/infra/.git/index.lock': Permission denied`,
  },
  'GIT-OWNER-001': {
    real: `fatal: detected dubious ownership in repository at '/srv/infra'`,
    near: 'detected ownership in repository',
  },
  'GIT-ID-001': {real: 'Author identity unknown\n\n*** Please tell me who you are.', near: 'Author: Ada'},
  'GIT-REPO-001': {
    real: 'fatal: not a git repository (or any of the parent directories): .git',
    near: 'in a git repository',
  },
  'GIT-REPO-002': {
    real: 'error: object file .git/objects/ab/cdef is empty',
    near: 'object file .git/objects/ab/cdef',
  },
  'GIT-SIGN-001': {real: 'error: gpg failed to sign the data', near: 'gpg signed the data'},
  'TLS-CERT-001': {
    real: `Get "https://pve1:8006/api2/json/version": x509: certificate signed by unknown authority`,
    near: 'x509: certificate signed by a known authority',
  },
  'TLS-CERT-002': {real: 'Error: self-signed certificate in certificate chain', near: 'certificate chain'},
  'TLS-CERT-003': {
    real: 'x509: certificate has expired or is not yet valid: current time 2026-01-01T00:00:00Z is after 2025-12-31',
    near: 'certificate expires in 30 days',
  },
  'TLS-CERT-004': {
    real: `Hostname/IP does not match certificate's altnames: Host: pve1. is not in the cert's altnames: DNS:pve2`,
    near: `Hostname matches certificate's altnames`,
  },
  'TLS-CERT-005': {
    real: 'https://pve1:8006 shows another certificate',
    near: 'https://pve1:8006 shows its certificate',
  },
  'TLS-CERT-006': {
    real: 'x509: certificate relies on legacy Common Name field, use SANs instead',
    near: 'certificate has SANs',
  },
  'TLS-HAND-001': {
    real: 'http: server gave HTTP response to HTTPS client',
    near: 'server gave HTTPS response',
  },
  'TLS-HAND-002': {
    real: 'error:0A000410:SSL routines::sslv3 alert handshake failure',
    near: 'handshake finished',
  },
  'TLS-NET-001': {real: 'connect ECONNREFUSED 192.0.2.10:8006', near: 'connected to 192.0.2.10:8006'},
  'TLS-NET-002': {real: 'getaddrinfo ENOTFOUND pve1.example.com', near: 'getaddrinfo of pve1.example.com'},
  'TLS-NET-003': {
    real: 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    near: 'context ended',
  },
  'TLS-NET-004': {real: 'connect EHOSTUNREACH 192.0.2.10:8006', near: 'connect to 192.0.2.10:8006'},
  'TLS-NET-005': {real: 'Error: socket hang up', near: 'socket opened'},
  'TLS-NET-006': {real: '<html><head><title>502 Bad Gateway</title></head>', near: '<title>Gateway</title>'},
}
