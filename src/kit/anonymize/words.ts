import {commonWords} from './common-words.js'

/** Words, in lower case, split at blanks. */
const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** Who is on every machine: Debian's and Proxmox VE's own users, and those of images and programs that everybody has. */
export const systemUsers = words(`
  root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc gnats nobody _apt systemd-network systemd-resolve
  systemd-timesync systemd-coredump messagebus sshd postfix statd _rpc rpcuser tss ceph dnsmasq gluster zfs polkitd tcpdump _chrony chrony
  ntp postgres mysql mariadb redis nginx apache httpd git svn ubuntu debian centos fedora rocky almalinux cloud-user core alpine arch admin
  administrator user guest test anonymous cloud-init kvm qemu libvirt-qemu docker ansible terraform vagrant jenkins prometheus grafana
  node_exporter nfsnobody operator staff users wheel sudo adm video render frr ospfd bgpd unbound bind named avahi rtkit pulse uuidd
  landscape pollinate syslog lxd dhcpd openvpn haproxy keepalived zabbix nagios icinga telegraf influxdb grub pve pam pmpc me you self service build
`)

/** Realms that PVE brings, and what sshd calls who has no terminal. */
export const builtinRealms = words('pam pve pbs pmg local proxmox notty')

/** Words of Proxmox VE, of systems and of programs: they stand for a thing only where a name is expected, whoever calls one so. */
export const technical = words(`
  advertisement advertisements solicitation solicitations coro
  bot bots crawler agent agents daemon watcher exporter collector
  device devices interface interfaces address addresses peer peers remote input output parent child item items object objects entry entries list table field fields param params option
  options setting settings flag flags mode level label tag tags title subject content body header headers footer page uri link directory folder borg restic rclone sentry gitlab-runner
  cert-manager letsencrypt acme veeam zabbix-agent telegraf fluentd vector loki promtail alertmanager minio-client certbot dehydrated succeeded successful incorrect denied granted login
  logout auth port ports rule rules policy policies filter chain route routes sensor sensors metric metrics event events message messages request requests result results report reports
  channel buffer pipeline stage step steps worker-node control-plane scheduler timer cronjob certificate certificates issuer issuers ingress deployment daemonset statefulset namespace secret
  secrets configmap volume-claim registry repository repo branch commit package packages library module modules plugin plugins driver drivers firmware

  pve pbs pmg proxmox node nodes host hosts vm vms ct cts lxc qemu kvm guest guests server servers client cluster clusters datacenter local
  localhost localdomain local-lvm local-zfs local-btrfs rpool tank root data backup backups storage store pool pools test testing dev prod
  production staging lab home database postgres postgresql mysql mariadb redis mongo mongodb smtp imap dns dhcp ntp
  proxy vpn gateway router switch firewall nfs cifs smb iscsi ceph zfs lvm lvmthin btrfs dir disk disks iso images image
  template templates snippets vztmpl rootdir debian ubuntu alpine centos fedora arch windows linux bsd freebsd docker
  kubernetes k8s master worker control plane monitor monitoring log logs syslog git build archive mirror
  runner media file files share shares public private internal external lan wan dmz vlan mgmt management admin
  ansible terraform default main primary secondary replica standby active passive old new tmp temp cache queue
  desktop none null self this var module config console process true false yes no on off all any other unknown system
  user users group groups service services network networks bridge bond eth0 vmbr0 vmbr1 ens18 eno1 enp1s0 task tasks job jobs state
  status error errors warning info debug trace start stop restart reload create delete update upgrade install remove migrate clone
  snapshot restore replication ha quorum corosync pveproxy pvedaemon pvestatd pvescheduler spice vnc serial console shell name hostname
  target source dest destination from to for in at by of is as and or not the a an this that with without key value type id path size
  free used total available enabled disabled ok failed success online offline running stopped paused locked connection
  connected refused timeout request response http https tls ssl ssh sudo cron systemd kernel init boot grub efi bios uefi cpu memory ram
  swap io net disk0 disk1 sda sdb nvme0n1 raid export import exports mount mnt srv opt var usr etc lib run proc version
  example domain com org it ops support sales hr finance demo machine hdd ssd nvme fast slow big small shared scratch
  datastore datastores archives provider san offsite bulk relay hypervisor admins operators helpdesk auditors devops vg thin repl
  vmid vmids newid vnet vnets ipam ipams fabric fabrics simulator iface vgname ipv4 ipv6 stdin stdout stderr tty initrd vmlinuz zpool zvol vdev lvmthin thinpool
  vhosts virtual spool fence fenced fencing vzdump qmrestore pvesm pvesr pveum pvecm pveceph pvenode pmxcfs pveversion pvescheduler pvefw pveupdate spiceproxy lxcfs qmeventd rrdcached smartd apticron logcheck mdadm zed
  pmpc default-matcher mail-to-root get set put post api apps app web www ci edge base common core infra customer customers notes note owner author cloud
`)

/** What is numbered on every machine and in every text: with a number behind it, it is no host. */
export const numbered = words(`
  ipconfig hostpci sfpplus sfp-sfpplus qsfpplus combo wlan wwan lte vrf sha1 ed crc hmac curve ecdsa rsa dh ike esp vti ipsec gre vpls pppoe bridge bonding switch mr sr lr zr
  eth eno ens enp enx vmbr bond veth tap fwbr fwpr fwln net scsi sata ide virtio mp unused sd hd vd xvd nvme disk md dm loop lo cpu core socket numa vm ct port slot
  link ring ext raid raidz mirror python perl php ruby java go gcc node.js ipv utf sha md x v http tls ssl oauth base lz bzip gz zstd btrfs usb pci hostpci serial parallel console
  tty pts pty level layer phase step stage version release debian ubuntu fedora centos rhel win windows q i amd x86 arm mips part partition page chapter section table figure item
  line column row day week month year hdd ssd vlan vxlan vni zone area as bgp osd pg rank job task test run try attempt retry thread worker queue channel bank dimm fan
  temp sensor psu gpu vgpu dev group key id no nr iface if interface wg tun br dummy ether sfp qsfp ge xe te gi fa po lag mgmt efi efidisk tpmstate rootfs arg param
  s3 ec route route53 k8s k3s h2 h log file dir volume lun pool0 f option opt reg index idx err error code status exit signal priority prio weight local mode type rule set list map table
  sum sub total max min num count size bytes kb mb gb tb ms sec min hour a b c d e f g j k l m n o p r t u w y z
`)

/** What people call machines by what they do: known from a state it is a name, learnt from a text it may be a word. */
export const roles = words(`
  db mail pop pop3 ns ns1 ns2 gw fw nas opnsense pfsense k3s grafana prometheus gitlab github jenkins plex jellyfin nextcloud broker mqtt
  home-assistant homeassistant laptop workstation printer camera phone tablet tv de mx site office branch company corp team edge1 staging1
  cluster1 nextcloud-aio pihole pi-hole adguard unifi omada zigbee2mqtt frigate vaultwarden bitwarden immich paperless traefik caddy nginx
  apache haproxy portainer wiki registry minio gotify matrix jira zabbix relay webmail autodiscover ftp static assets cdn blog shop docs
`)

/** Programs, systems and their makers, which a sentence speaks of as of machines. */
export const programs = words(`
  webserver webservers mailserver fileserver dbserver appserver nameserver webmail mon mgr mds osd rgw kube kubelet kubeadm csi cni cattle metallb longhorn rook istio linkerd knative tekton flux argocd argo velero harbor keycloak authentik authelia
  rancher fleet calico cilium flannel tigera openebs coredns etcd kyverno gatekeeper portainer gitea forgejo wordpress drupal typo3 joomla mattermost
  rocketchat zulip synapse coturn jitsi bigbluebutton moodle gitlab jira confluence redmine mantis osticket glpi snipe netbox phpipam nautobot librenms
  observium cacti munin nagios icinga checkmk zabbix prometheus grafana loki influxdb telegraf graylog elasticsearch opensearch kibana logstash filebeat
  fluentbit vector kafka rabbitmq nats activemq zookeeper cassandra couchdb clickhouse timescaledb cockroachdb memcached varnish squid envoy traefik caddy
  haproxy keepalived nginx apache lighttpd tomcat jetty wildfly jboss glassfish php perl ruby rails django flask node deno bun golang rust java kotlin scala
  postfix dovecot exim rspamd spamassassin clamav amavis opendkim fetchmail roundcube sogo zimbra mailcow exchange outlook thunderbird
  openvpn wireguard strongswan libreswan tailscale zerotier headscale netbird nebula openssh dropbear fail2ban crowdsec suricata snort
  bind named unbound dnsmasq powerdns pihole adguard kea dhcpd radvd chrony ntpd frr bird quagga openvswitch ovn vyos opnsense pfsense mikrotik routeros junos
  samba winbind sssd freeipa openldap kerberos heimdal slapd adfs azure aws gcp hetzner ovh contabo ionos digitalocean linode vultr cloudflare
  corosync pacemaker drbd linstor glusterfs moosefs seaweedfs minio ceph cephadm rados zfs btrfs bcachefs ext4 xfs mdraid multipath iscsi targetcli lio
  qemu libvirt virsh xen xcp esxi vmware vsphere vcenter hyperv virtualbox proxmox unraid truenas freenas synology qnap asustor netapp nutanix
  docker podman containerd cri crio buildah skopeo helm kustomize terraform opentofu pulumi packer vagrant ansible puppet chef salt saltstack
  jenkins drone woodpecker buildkite circleci travis github bitbucket nexus artifactory sonarqube verdaccio
  windows linux debian ubuntu alpine centos fedora rhel rocky almalinux suse sles opensuse archlinux gentoo slackware nixos freebsd openbsd netbsd solaris illumos omnios
  macos darwin android ios ipados chromeos haiku openvms interix hurd aix hpux irix tru64 wsl cygwin mingw msys riscv risc riscv64 arm64 armhf armel aarch64 x86 x64 amd64 i386 i686 powerpc ppc64el s390x sparc sparc64 mips mipsel ultrasparc microblaze
  win32 win64 glibc musl systemd openrc runit busybox grub uefi ovmf seabios edk2 dracut initramfs initramfs-tools plymouth dbus polkit udev netplan networkmanager ifupdown ifupdown2
  plex jellyfin emby sonarr radarr lidarr prowlarr overseerr transmission qbittorrent deluge sabnzbd nextcloud owncloud syncthing seafile immich photoprism paperless
  homeassistant zigbee zigbee2mqtt mosquitto esphome nodered frigate scrypted homebridge vaultwarden bitwarden keepass passbolt
  firefox chrome chromium safari edge opera vscode vim emacs nano tmux screen bash zsh fish putty winscp rsync rclone borg restic duplicati veeam bacula bareos amanda
  nvidia intel amd radeon geforce quadro tesla mellanox broadcom realtek samsung seagate toshiba micron kingston crucial sandisk supermicro asrock asus gigabyte msi lenovo fujitsu dell
  twitter facebook linkedin instagram youtube google apple microsoft oracle ibm cisco juniper aruba ubiquiti unifi fortinet fortigate sophos watchguard barracuda paloalto checkpoint
  slack discord telegram signal whatsapp teams zoom webex skype matrix irc mumble teamspeak minecraft valheim
`)

/** Labels that domains end in. What is also the end of a file's name or a word of programs needs more than its look (`loose`). */
export const topLevel = words(`
  com org net edu gov mil int eu biz info io dev cloud app tech online site xyz shop store blog systems network digital agency solutions
  de at ch fr nl be uk ie es pt it se no fi dk pl cz sk hu ro bg gr ua ru by lt lv ee hr si rs lu li us ca mx br ar cl co au nz jp cn kr
  tw hk sg in id my th vn za tr il ae me tv cc ws to name pro
  aero email gmbh berlin hamburg koeln cologne wien tirol bayern ruhr saarland swiss paris london nyc ltd llc museum travel coop asia
  cat scot wales africa amsterdam brussels tokyo istanbul healthcare clinic hospital university insurance legal engineering energy host
  hosting group team zone email solar eco
  lan intern lokal localnet privat loc domain local internal intranet intra corp home localdomain private test example invalid arpa priv office lab box
  ac ad af ag ai al am ao aq as aw ax az ba bb bd bf bh bi bj bm bn bo bs bt bw bz cd cf cg ci ck cm cr cu cv cw cx
  cy dj dm do dz ec eg er et fj fk fm fo ga gd ge gf gg gh gi gl gm gn gp gq gt gu gw gy hm hn ht im iq ir is je jm
  jo ke kg kh ki km kn kp kw ky kz la lb lc lk lr ls ly ma mc md mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mz na
  nc ne nf ng ni np nr nu om pa pe pf pg ph pk pm pn pr ps pw py qa re rw sa sb sc sd sh sj sl sm sn so sr ss st sv
  sx sy sz tc td tf tg tj tk tl tm tn tt tz ug uy uz va vc ve vg vi vu wf ye yt zm zw academy accountants apartments
  architects art associates auction audio auto band bank bar beer best bible bid bike bingo bio black boutique build
  builders business buzz cafe camera camp capital cards care career careers cars casa cash casino catering center ceo
  chat cheap church city claims cleaning click clothing club coach codes coffee college community company computer
  condos construction consulting contact contractors cooking cool country coupons courses credit cruises cymru dance
  data dating deals degree delivery democrat dental dentist design diamonds diet direct directory discount doctor dog
  domains download earth education engineer enterprises equipment estate eus events exchange expert express fail
  faith family fans farm fashion film finance financial fish fit fitness flights florist flowers fm football forsale
  foundation frl fun fund furniture fyi gal gallery game games garden gift gifts gives glass global gold golf
  graphics gratis green gripe guide guru haus health help hockey holdings holiday horse house how immo immobilien
  industries ink institute insure international investments irish jetzt jewelry kaufen kim kitchen kiwi land lat law
  lawyer lease life lighting limited limo link live loan loans lol love luxury maison management market marketing
  markets mba media men memorial menu mobi moda moe money mortgage news ngo ninja nrw one ong ooo organic page
  partners parts party pet photo photography photos pics pictures pink pizza place plumbing plus poker press
  productions promo properties property pub racing radio realestate recipes red rehab reise reisen ren rent rentals
  repair report republican rest restaurant review reviews rich rip rocks rodeo run sale salon school schule science
  services shoes shopping show singles ski soccer social software soy space sport srl stream studio study style sucks
  supplies supply support surf surgery tax taxi technology tennis theater tickets tienda tips tires today tools top
  tours town toys trade trading training tube uno vacations vegas ventures versicherung vet viajes video villas vin
  vip vision vlaanderen vodka vote voyage watch webcam website wedding whoswho wiki win wine works world wtf yoga you
`)

/** Top level labels under which much stands that is no domain: `os.name`, `task.id`, `self.test`. */
export const loose = words(
  'cf zip sh py md pl rs ps pm tf ml st sc sd sm sr sv db re do as am ai ac al an la li pr ms mt pa pe pf ph pk pt va vi run one data bar best bio black bot build cafe camp care cash chat city click code codes computer contact cool credit date direct directory download exchange express fail fish fit fun fund game games gold green guide help house how ink kim land lat law life limited link live lol market menu mobi money now ong parts party photo pics pink plus press pub radio red rent repair report rest review rich rip sale science search services show sites social software stream style sucks supply support surf tax tips today top town trade training tube uno vip vision vote watch web website win works you ve info io app name pro id is in it at to me my no be by so store shop site us tv cc ws test local private home box lab office net int dev example internal online in network cloud systems blog tech digital th ca co host hosting group team work world zone band bike club design media news page place space studio tools video wiki legal energy email eco cat',
)

/** Domains of those whose software and services everybody uses: they say nothing of anybody. */
export const publicDomains = words(`
  proxmox.com debian.org ubuntu.com canonical.com kernel.org github.com githubusercontent.com gitlab.com ghcr.io docker.io docker.com
  quay.io gcr.io k8s.io kubernetes.io hashicorp.com terraform.io opentofu.org ansible.com redhat.com fedoraproject.org centos.org
  rockylinux.org almalinux.org archlinux.org alpinelinux.org opensuse.org suse.com letsencrypt.org pool.ntp.org ntp.org nist.gov iana.org
  ietf.org w3.org rfc-editor.org python.org pypi.org pythonhosted.org npmjs.org npmjs.com nodejs.org golang.org go.dev rust-lang.org
  crates.io perl.org cpan.org metacpan.org mozilla.org google.com googleapis.com gstatic.com cloudflare.com cloudflare-dns.com amazonaws.com
  gmail.com googlemail.com outlook.com hotmail.com live.com yahoo.com icloud.com gmx.net gmx.de web.de t-online.de proton.me protonmail.com docker.internal
  amazon.com microsoft.com windows.com apple.com slack.com discord.com telegram.org pagerduty.com grafana.com prometheus.io influxdata.com
  linuxcontainers.org freedesktop.org systemd.io gnu.org openzfs.org zfsonlinux.org ceph.com ceph.io qemu.org spice-space.org linbit.com
  stackoverflow.com serverfault.com reddit.com wikipedia.org schema.org json-schema.org xmlsoap.org openssl.org openssh.com sqlite.org
  smartmontools.org openzfs.github.io compute.internal ec2.internal cluster.local enterprise.proxmox.com download.proxmox.com fedorapeople.org virtio-win.org powerdns.com freeipa.org keycloak.org opentelemetry.io
  cert-manager.io traefik.io jetstack.io helm.sh artifacthub.io rancher.com suse.de elastic.co sentry.io gitlab.io github.io bitbucket.org codeberg.org sourceforge.net launchpad.net
  netapp.com purestorage.com synology.com qnap.com truenas.com ixsystems.com freenas.org emc.com equallogic.com nimblestorage.com 3pardata.com
  hitachi.com huawei.com ibm.com vmware.com linux-iscsi.org quad9.net opendns.com ovh.net
  nvmexpress.org windows.net azure.com azure.net microsoftonline.com office.com office365.com metallb.io cilium.io projectcalico.org argoproj.io fluxcd.io longhorn.io rook.io
  intel.com amd.com nvidia.com broadcom.com supermicro.com dell.com hp.com hpe.com lenovo.com samsung.com
`)

/** A word that a text may hold without meaning the thing of that name. @param isKnown the name is not learnt from the text itself */
export function isOrdinary(word: string, isKnown = false): boolean {
  return (
    technical.has(word) ||
    (!isKnown && commonWords.has(word)) ||
    /^\d+$/.test(word) ||
    word.length < (isKnown ? 2 : 3) ||
    (!isKnown && roles.has(word))
  )
}

/** Of nothing but words that everybody uses: `ceph-ssd`, `san-a`. */
export const isTechnical = (name: string): boolean =>
  technical.has(name) ||
  name.split(/[-_\d]+/).every((part) => part.length < 2 || technical.has(part) || roles.has(part))
