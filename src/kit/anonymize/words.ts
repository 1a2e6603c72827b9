/** Words, in lower case, split at blanks. */
const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** Who is on every machine: Debian's and Proxmox VE's own users, and those of images and programs that everybody has. */
export const systemUsers = words(`
  root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc gnats nobody _apt systemd-network systemd-resolve
  systemd-timesync systemd-coredump messagebus sshd postfix statd _rpc rpcuser tss ceph dnsmasq gluster zfs polkitd tcpdump _chrony chrony
  ntp postgres mysql mariadb redis nginx apache httpd git svn ubuntu debian centos fedora rocky almalinux cloud-user core alpine arch admin
  administrator user guest test anonymous cloud-init kvm qemu libvirt-qemu docker ansible terraform vagrant jenkins prometheus grafana
  node_exporter nfsnobody operator staff users wheel sudo adm video render frr ospfd bgpd unbound bind named avahi rtkit pulse uuidd
  landscape pollinate syslog lxd dhcpd openvpn haproxy keepalived zabbix nagios icinga telegraf influxdb grub pve pam me you self service
`)

/** Realms that PVE brings. */
export const builtinRealms = words('pam pve pbs pmg local')

/**
 * Words that are found in every text about such machines: who calls a machine so has not made it a name for the ear of a reader. They stand for
 * a thing only where a name is expected.
 */
export const ordinary = words(`
  pve pbs pmg proxmox node nodes host hosts vm vms ct cts lxc qemu kvm guest guests server servers client cluster clusters datacenter local
  localhost localdomain local-lvm local-zfs local-btrfs rpool root data backup backups storage store pool pools test testing dev prod production staging lab home
  web www app apps api db database mysql mariadb postgres postgresql redis mongo mongodb mail smtp imap pop pop3 dns ns ns1 ns2 dhcp ntp
  proxy vpn gateway gw router switch firewall fw nas nfs cifs smb iscsi ceph zfs lvm lvmthin btrfs dir disk disks iso images image
  template templates snippets vztmpl rootdir debian ubuntu alpine centos fedora arch windows linux bsd freebsd opnsense pfsense docker
  kubernetes k8s k3s master worker control plane monitor monitoring grafana prometheus log logs syslog git gitlab github jenkins ci build
  runner media plex jellyfin nextcloud files file share shares public private internal external lan wan dmz vlan mgmt management admin
  ansible terraform default main primary secondary replica standby active passive old new tmp temp cache queue broker mqtt home-assistant
  homeassistant desktop laptop workstation printer camera phone tablet tv none null true false yes no on off all any other unknown system
  user users group groups service services network networks bridge bond eth0 vmbr0 vmbr1 ens18 eno1 enp1s0 task tasks job jobs state
  status error errors warning info debug trace start stop restart reload create delete update upgrade install remove migrate clone
  snapshot restore replication ha quorum corosync pveproxy pvedaemon pvestatd pvescheduler spice vnc serial console shell name hostname
  target source dest destination from to for in at by of is as and or not the a an this that with without key value type id path size
  free used total available enabled disabled ok failed success unknown online offline running stopped paused locked connection
  connected refused timeout request response http https tls ssl ssh sudo cron systemd kernel init boot grub efi bios uefi cpu memory ram
  swap io net disk0 disk1 sda sdb nvme0n1 tank mirror raid export import exports mount mnt srv opt var usr etc lib run proc dev
  example domain com org de mx cloud site office branch company corp it ops team support sales hr finance demo staging1 machine
  archive mirror0 hdd ssd nvme fast slow big small infra core edge base common shared scratch www1 mail1 cluster1 nextcloud-aio pihole
  pi-hole adguard unifi omada zigbee2mqtt frigate vaultwarden bitwarden immich paperless traefik caddy nginx apache haproxy portainer
`)

/** Labels that domains end in. What is also the end of a file's name or a word of programs needs more than its look (`loose`). */
export const topLevel = words(`
  com org net edu gov mil int eu biz info io dev cloud app tech online site xyz shop store blog systems network digital agency solutions
  de at ch fr nl be uk ie es pt it se no fi dk pl cz sk hu ro bg gr ua ru by lt lv ee hr si rs lu li us ca mx br ar cl co au nz jp cn kr
  tw hk sg in id my th vn za tr il ae me tv cc ws to name pro
  lan local internal intranet intra corp home localdomain private test example invalid arpa priv office lab box
`)

/** Top level labels under which much stands that is no domain: `os.name`, `task.id`, `self.test`. */
export const loose = words(
  'info io app name pro id is in it at to me my no be by so store shop site us tv cc ws test local private home box lab office net int dev example internal online in network cloud systems blog tech digital th ca co',
)

/** Domains of those whose software and services everybody uses: they say nothing of anybody. */
export const publicDomains = words(`
  proxmox.com debian.org ubuntu.com canonical.com kernel.org github.com githubusercontent.com gitlab.com ghcr.io docker.io docker.com
  quay.io gcr.io k8s.io kubernetes.io hashicorp.com terraform.io opentofu.org ansible.com redhat.com fedoraproject.org centos.org
  rockylinux.org almalinux.org archlinux.org alpinelinux.org opensuse.org suse.com letsencrypt.org pool.ntp.org ntp.org nist.gov iana.org
  ietf.org w3.org rfc-editor.org python.org pypi.org pythonhosted.org npmjs.org npmjs.com nodejs.org golang.org go.dev rust-lang.org
  crates.io perl.org cpan.org metacpan.org mozilla.org google.com googleapis.com gstatic.com cloudflare.com cloudflare-dns.com amazonaws.com
  amazon.com microsoft.com windows.com apple.com slack.com discord.com telegram.org pagerduty.com grafana.com prometheus.io influxdata.com
  linuxcontainers.org freedesktop.org systemd.io gnu.org openzfs.org zfsonlinux.org ceph.com ceph.io qemu.org spice-space.org linbit.com
  stackoverflow.com serverfault.com reddit.com wikipedia.org schema.org json-schema.org xmlsoap.org openssl.org openssh.com sqlite.org
  enterprise.proxmox.com download.proxmox.com fedorapeople.org virtio-win.org powerdns.com freeipa.org keycloak.org opentelemetry.io
  intel.com amd.com nvidia.com broadcom.com supermicro.com dell.com hp.com hpe.com lenovo.com samsung.com
`)

/** First labels of a host's full name that name a service, and no machine. */
export const isOrdinary = (word: string): boolean => ordinary.has(word) || /^\d+$/.test(word) || word.length < 3
